import { RevocationGate } from '@gatehouse/access-control';
import type { AppendResults, AuditEvent, AuditRecordPage } from '@gatehouse/audit-contracts';
import { DatabaseConnection } from '@gatehouse/database';
import { createService } from '@gatehouse/service-bootstrap';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { aServiceToken, aToken, ISSUER } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Platform } from '../../../../test/support/platform.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, testRedisUrl } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { AuditEnvironment, auditVariables } from '../../src/audit.environment.js';
import { SERVICE_NAME, TRANSPORT_NAME } from '../../src/audit-service.js';
import { SUBJECT_KEYS_DATABASE } from '../../src/subject-keys/subject-keys.database.js';

export { ISSUER } from '../../../../test/support/access-tokens.js';

/** What signs the checkpoints of the tests' logs. */
export const LOG_SIGNING_KEY = 'a-signing-key-of-the-tests-that-is-long-enough';

/** A valid event; give what matters to the test. */
export function anEvent(change: Partial<Record<keyof AuditEvent, unknown>> = {}): AuditEvent {
  return {
    id: uuidv7(),
    category: 'auth',
    action: 'auth.login',
    outcome: 'success',
    actor: { type: 'user', id: 'ada' },
    context: { service: 'auth-service' },
    occurredAt: '2026-03-01T09:30:00.000Z',
    producer: 'auth-service',
    ...change,
  } as AuditEvent;
}

/** The tokens of a platform, and what it tells services of them. */
class TestIssuer {
  private readonly platform: Platform;

  constructor(namespace: string) {
    this.platform = new Platform(namespace);
  }

  get url(): string {
    return this.platform.url;
  }

  async start(): Promise<void> {
    await this.platform.open();
  }

  service(name: string, permissions: string[]): Promise<string> {
    return aServiceToken(this.platform.key, name, permissions);
  }

  user(id: string, role: string): Promise<string> {
    return aToken(this.platform.key, { claims: { sub: id, role, sid: uuidv7() } });
  }

  async stop(): Promise<void> {
    await this.platform.close();
  }
}

/** audit-service as it runs, one or several replicas, on a database of its own. */
export class AuditWorld {
  readonly namespace = freshNamespace('audit');
  readonly issuer = new TestIssuer(this.namespace);
  database!: FreshDatabase;
  keysDatabase!: FreshDatabase;
  writer = '';
  reader = '';
  private readonly apps: NestFastifyApplication[] = [];

  /** Starts the first replica. */
  async start(databaseUrl?: string, more?: Record<string, string>): Promise<NestFastifyApplication> {
    await this.issuer.start();
    this.database = await freshDatabase('audit_service');
    this.keysDatabase = await freshDatabase('audit_keys');
    this.writer = await this.issuer.service('auth-service', ['audit:write']);
    this.reader = await this.issuer.user('auditor', 'admin');
    return this.replica(databaseUrl, more);
  }

  async replica(
    databaseUrl = this.database.url,
    more: Record<string, string> = {},
  ): Promise<NestFastifyApplication> {
    const variables = auditVariables.parse({
      AUDIT_DATABASE_URL: databaseUrl,
      AUDIT_KEYS_DATABASE_URL: this.keysDatabase.url,
      ENCRYPTION_KEY: 'a-secret-of-the-tests-that-is-long-enough',
      AUDIT_LOG_SIGNING_KEY: LOG_SIGNING_KEY,
      REDIS_URL: testRedisUrl(),
      ISSUER,
      AUTH_URL: this.issuer.url,
      ...more,
    });
    const definition = {
      name: SERVICE_NAME,
      transport: TRANSPORT_NAME,
      path: 'audit',
      module: AppModule.of(new AuditEnvironment(variables, { namespace: this.namespace })),
      environment: variables,
    };
    const app = await createService(definition, pino({ level: 'silent' }));
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await app.get<DatabaseConnection>(SUBJECT_KEYS_DATABASE).whenReady();
    if (databaseUrl === this.database.url) await app.get(DatabaseConnection).whenReady();
    await eventually('the revocations are known', () => app.get(RevocationGate).isFresh);
    this.apps.push(app);
    return app;
  }

  async stopReplica(app: NestFastifyApplication): Promise<void> {
    this.apps.splice(this.apps.indexOf(app), 1);
    await app.close();
  }

  async stop(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
    await this.issuer.stop();
    await this.database.drop();
    await this.keysDatabase.drop();
  }
}

/** One client of the REST routes. */
export class AuditApi {
  constructor(
    private readonly app: NestFastifyApplication,
    private readonly token: string | undefined,
  ) {}

  get(path: string) {
    return this.app.inject({ method: 'GET', url: `/v1/audit${path}`, headers: this.headers });
  }

  post(payload: string | object) {
    const headers = { ...this.headers, 'content-type': 'application/json' };
    return this.app.inject({ method: 'POST', url: '/v1/audit/events', headers, payload });
  }

  async append(...events: unknown[]): Promise<AppendResults['results']> {
    const answer = await this.post({ events });
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${answer.body}`);
    return answer.json<AppendResults>().results;
  }

  async search(query = ''): Promise<AuditRecordPage> {
    const answer = await this.get(`/events${query}`);
    if (answer.statusCode !== 200) throw new Error(`${answer.statusCode}: ${answer.body}`);
    return answer.json<AuditRecordPage>();
  }

  private get headers(): Record<string, string> {
    return this.token === undefined ? {} : { authorization: `Bearer ${this.token}` };
  }
}
