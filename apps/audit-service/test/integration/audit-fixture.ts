import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { withLowS } from '@gatehouse/access-control';
import type { AppendResults, AuditEvent, AuditRecordPage } from '@gatehouse/audit-contracts';
import { DatabaseConnection } from '@gatehouse/database';
import { createService } from '@gatehouse/service-bootstrap';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, removeNamespace, testRedisUrl } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { AuditEnvironment, auditVariables } from '../../src/audit.environment.js';
import { SERVICE_NAME, TRANSPORT_NAME } from '../../src/audit-service.js';

export const ISSUER = 'https://gatehouse.test';

type SigningKey = Awaited<ReturnType<typeof generateKeyPair>>['privateKey'];

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

/** The tokens of a platform: a key, and where audit-service fetches it. */
class TestIssuer {
  private key!: SigningKey;
  private server!: Server;
  url = '';

  async start(): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256');
    this.key = privateKey;
    const keys = [{ ...(await exportJWK(publicKey)), kid: 'test', alg: 'ES256', use: 'sig' }];
    this.server = createServer((_request, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys }));
    }).listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  service(name: string, permissions: string[]): Promise<string> {
    return this.sign({ client_id: name, permissions }, name);
  }

  user(id: string, role: string): Promise<string> {
    return this.sign({ client_id: 'gatehouse', role, sid: uuidv7(), epoch: 0 }, id);
  }

  stop(): void {
    this.server.close();
  }

  private async sign(claims: JWTPayload, subject: string): Promise<string> {
    const token = await new SignJWT({ ...claims, type: 'access' })
      .setProtectedHeader({ alg: 'ES256', kid: 'test', typ: 'at+jwt' })
      .setIssuer(ISSUER)
      .setAudience('gatehouse')
      .setSubject(subject)
      .setJti(uuidv7())
      .setIssuedAt()
      .setExpirationTime('15m')
      .sign(this.key);
    return withLowS(token);
  }
}

/** audit-service as it runs, one or several replicas, on a database of its own. */
export class AuditWorld {
  readonly issuer = new TestIssuer();
  readonly namespace = freshNamespace('audit');
  database!: FreshDatabase;
  writer = '';
  reader = '';
  private readonly apps: NestFastifyApplication[] = [];

  async start(): Promise<NestFastifyApplication> {
    await this.issuer.start();
    this.database = await freshDatabase('audit_service');
    this.writer = await this.issuer.service('auth-service', ['audit:write']);
    this.reader = await this.issuer.user('auditor', 'admin');
    return this.replica();
  }

  async replica(
    databaseUrl = this.database.url,
    more: Record<string, string> = {},
  ): Promise<NestFastifyApplication> {
    const variables = auditVariables.parse({
      AUDIT_DATABASE_URL: databaseUrl,
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
    if (databaseUrl === this.database.url) await app.get(DatabaseConnection).whenReady();
    this.apps.push(app);
    return app;
  }

  async stop(): Promise<void> {
    for (const app of this.apps.splice(0)) await app.close();
    this.issuer.stop();
    await removeNamespace(this.namespace);
    await this.database.drop();
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
