import type { Answer } from '../support/json-call.js';
import { type Engines, type ReplicaOptions, ServiceReplica } from './service-replica.js';

export const PASSWORD = 'a long enough phrase';
export const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
const ISSUER = 'https://platform.test';

export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly sessionId: string;
}

/** auth-service in a process of its own, as it is built. */
export class AuthReplica extends ServiceReplica {
  static async start(engines: Engines, { env, preload }: ReplicaOptions = {}): Promise<AuthReplica> {
    return AuthReplica.spawn('auth-service', {
      preload,
      env: {
        ...{ ISSUER, AUTH_DATABASE_URL: engines.database, REDIS_URL: engines.redis, ENCRYPTION_KEY: SECRET },
        // All tests come from one address.
        ...{ REGISTER_LIMIT_PER_ADDRESS: '100000/60', LOGIN_LIMIT_PER_ADDRESS: '100000/60' },
        ...env,
      },
    });
  }

  register(email: string): Promise<Answer<{ id: string }>> {
    return this.call('POST', '/v1/auth/register', { body: { email, password: PASSWORD } });
  }

  login(email: string, more: object = {}): Promise<Answer<Tokens & { deviceToken: string }>> {
    return this.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD, ...more } });
  }

  refresh(refreshToken: string, userAgent = 'browser'): Promise<Answer<Tokens & { type?: string }>> {
    const headers = { 'user-agent': userAgent };
    return this.call('POST', '/v1/auth/refresh', { body: { refreshToken }, headers });
  }

  me(token: string): Promise<Answer<Record<string, unknown>>> {
    return this.call('GET', '/v1/auth/me', { token });
  }

  logout(token: string): Promise<Answer<Record<string, unknown>>> {
    return this.call('POST', '/v1/auth/logout', { token });
  }

  /** Registers and signs in. */
  async signIn(email: string): Promise<Tokens> {
    await this.register(email);
    return (await this.login(email)).body;
  }
}
