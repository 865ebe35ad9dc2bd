import type { ServiceAccountAnswer, ServiceAccountSecretAnswer } from '@gatehouse/auth-contracts';
import { AdminWorld } from './admin-world.js';
import type { Answer, AuthApi } from './auth-world.js';

type Method = Parameters<AuthApi['call']>[0];

/** A service account as the tests know it. */
export interface Service {
  id: string;
  secret: string;
  secretId: string;
}

export const basic = (id: string, secret: string) =>
  `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;

/** auth-service with an admin, twice; and what tests of service accounts ask of it. */
export class ServiceWorld extends AdminWorld {
  private services = 0;

  /** A call that manages service accounts, in the name of the first admin or of somebody else. */
  manage(
    method: Method,
    path: string,
    body?: unknown,
    token: string | undefined = this.admin,
  ): Promise<Answer> {
    return this.api.call(method, `/v1/auth/service-accounts${path}`, { body, token });
  }

  aName(): string {
    return `service ${++this.services} of ${this.namespace}`;
  }

  async aService(...permissions: string[]): Promise<Service> {
    const { status, body } = await this.manage('POST', '', { name: this.aName(), permissions });
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
    const { id, clientSecret, secrets } = body as unknown as ServiceAccountSecretAnswer;
    return { id, secret: clientSecret, secretId: secrets[0]?.id ?? '' };
  }

  async addSecret(id: string): Promise<ServiceAccountSecretAnswer> {
    return (await this.manage('POST', `/${id}/secret`)).body as unknown as ServiceAccountSecretAnswer;
  }

  async shown(id: string): Promise<ServiceAccountAnswer> {
    return (await this.manage('GET', `/${id}`)).body as unknown as ServiceAccountAnswer;
  }

  /** Sends a form to an OAuth endpoint, authenticated by Basic. */
  form(
    endpoint: 'token' | 'introspect' | 'revoke',
    form: Record<string, string>,
    { id, secret }: Pick<Service, 'id' | 'secret'>,
    api: AuthApi = this.api,
  ): Promise<Answer> {
    return api.call('POST', `/v1/auth/${endpoint}`, {
      body: new URLSearchParams(form).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        authorization: basic(id, secret),
      },
    });
  }

  async tokenOf(service: Pick<Service, 'id' | 'secret'>, scope?: string): Promise<string> {
    const form = { grant_type: 'client_credentials', ...(scope === undefined ? {} : { scope }) };
    const { status, body } = await this.form('token', form, service);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    return body['access_token'] ?? '';
  }

  /** Status of the answer to a request for a token. */
  async asks(service: Pick<Service, 'id' | 'secret'>): Promise<number> {
    return (await this.form('token', { grant_type: 'client_credentials' }, service)).status;
  }
}
