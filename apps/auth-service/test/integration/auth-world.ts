import { RevocationFeed } from '@gatehouse/access-control';
import { createService } from '@gatehouse/service-bootstrap';
import { readEnvironment } from '@gatehouse/environment';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, removeNamespace, testRedisUrl } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { AuthEnvironment, authVariables } from '../../src/auth.environment.js';

export const ISSUER = 'https://platform.test';
export const SERVICE_SECRET = 'a-secret-of-the-tests-that-is-long-enough';
export const PASSWORD = 'a long enough phrase';

export interface Answer {
  status: number;
  body: Record<string, string>;
  headers: Record<string, string | string[] | number | undefined>;
}

/** auth-service on a database and a namespace of its own, and calls to it. */
export class AuthWorld {
  readonly namespace = freshNamespace('auth');
  readonly redis = new Redis(testRedisUrl());
  private readonly apps: NestFastifyApplication[] = [];
  private accounts = 0;
  database!: FreshDatabase;

  /** @param more variables of the environment, in place of those of the tests */
  async start(more: Record<string, string | undefined> = {}): Promise<NestFastifyApplication> {
    await this.createDatabase();
    const variables = readEnvironment(authVariables, {
      ISSUER,
      AUTH_DATABASE_URL: this.database.url,
      REDIS_URL: testRedisUrl(),
      ENCRYPTION_KEY: SERVICE_SECRET,
      SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: SERVICE_SECRET,
      LOG_LEVEL: 'silent',
      // All tests come from one address.
      REGISTER_LIMIT_PER_ADDRESS: '100000/60',
      PASSWORD_RESET_LIMIT_PER_ADDRESS: '100000/60',
      LOGIN_LIMIT_PER_ADDRESS: '100000/60',
      ...more,
    });
    const app = await createService({
      ...{ name: 'auth-service', transport: 'auth', path: 'auth' },
      module: AppModule.of(new AuthEnvironment(variables, { namespace: this.namespace })),
      environment: variables,
    });
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    this.apps.push(app);
    await app.get(RevocationFeed, { strict: false }).whenLoaded();
    return app;
  }

  /** Done by the first start, unless somebody needs its URL before. */
  async createDatabase(): Promise<void> {
    this.database ??= await freshDatabase('auth');
  }

  async stop(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await this.database.drop();
    await removeNamespace(this.namespace);
    this.redis.disconnect();
  }

  anEmail(): string {
    return `account-${++this.accounts}@example.test`;
  }

  /** The audit events that wait in the outbox: audit-service is not there to take them. */
  async events(app: NestFastifyApplication, sessionId: string): Promise<Record<string, unknown>[]> {
    const rows: { payload: string }[] = await app
      .get(DataSource)
      .query(`SELECT payload FROM outbox_message WHERE payload LIKE $1 ORDER BY id`, [`%${sessionId}%`]);
    return rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  }
}

/** Calls to one replica. */
export class AuthApi {
  constructor(private readonly app: NestFastifyApplication) {}

  async call(
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    options: { body?: unknown; token?: string; headers?: Record<string, string> } = {},
  ): Promise<Answer> {
    const { body, token, headers } = options;
    const answer = await this.app.inject({
      method,
      url,
      payload: typeof body === 'string' || body === undefined ? body : JSON.stringify(body),
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
    });
    return {
      status: answer.statusCode,
      body: answer.body === '' ? {} : answer.json(),
      headers: answer.headers,
    };
  }

  register(email: string, more: object = {}): Promise<Answer> {
    return this.call('POST', '/v1/auth/register', { body: { email, password: PASSWORD, ...more } });
  }

  login(email: string, more: object = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('POST', '/v1/auth/login', { body: { email, password: PASSWORD, ...more }, headers });
  }

  refresh(refreshToken: string | undefined, userAgent = 'browser'): Promise<Answer> {
    return this.call('POST', '/v1/auth/refresh', {
      body: { refreshToken },
      headers: { 'user-agent': userAgent },
    });
  }

  me(token: string | undefined): Promise<Answer> {
    return this.call('GET', '/v1/auth/me', { token });
  }

  /** Registers and signs in from a browser. */
  async signIn(email: string): Promise<Record<string, string>> {
    await this.register(email);
    return (await this.login(email, {}, { 'user-agent': 'browser' })).body;
  }
}

/** The claims of a token. */
export const claimsOf = (token = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>;

/** The header of a token. */
export const headerOf = (token = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as Record<string, unknown>;
