import type { CreatedApiKeyAnswer } from '@gatehouse/auth-contracts';
import { type Answer, type AuthApi } from './auth-world.js';
import { ServiceWorld } from './service-world.js';

/** auth-service with an admin, twice; and what tests of API keys ask of it. */
export class ApiKeyWorld extends ServiceWorld {
  /** A call about API keys in the name of a user. */
  keys(
    method: Parameters<AuthApi['call']>[0],
    path: string,
    token: string | undefined,
    body?: unknown,
  ): Promise<Answer> {
    return this.api.call(method, `/v1/auth/api-keys${path}`, { body, token });
  }

  /** A new API key of whom the token is. */
  async aKey(
    token: string | undefined,
    permissions: string[],
    more: object = {},
  ): Promise<CreatedApiKeyAnswer> {
    const body = { name: 'a script', permissions, ...more };
    const answer = await this.keys('POST', '', token, body);
    if (answer.status !== 201) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body as unknown as CreatedApiKeyAnswer;
  }

  /** A request to a route that asks for `users:read`. */
  readsUsers(key: string, api: AuthApi = this.api, headers: Record<string, string> = {}): Promise<Answer> {
    return api.call('GET', '/v1/auth/users', { headers: { 'x-api-key': key, ...headers } });
  }

  /** Whom a key speaks for, by introspection. */
  async introspects(key: string, client: { id: string; secret: string }): Promise<Record<string, unknown>> {
    return (await this.form('introspect', { token: key }, client)).body;
  }
}
