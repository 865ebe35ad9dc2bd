import { Writable } from 'node:stream';
import { RevocationGate } from '@gatehouse/access-control';
import { DatabaseConnection } from '@gatehouse/database';
import { createPino, createService } from '@gatehouse/service-bootstrap';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Redis } from 'ioredis';
import { DataSource } from 'typeorm';
import { aServiceToken, aToken } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Platform } from '../../../../test/support/platform.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace, testRedisUrl } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { anEnvironment } from '../an-environment.js';

const into = (lines: string[]) =>
  new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(chunk.toString());
      done();
    },
  });

export const ROLES = ['admin', 'user', 'viewer', 'guest'] as const;

export interface Answer {
  status: number;
  body: Record<string, unknown>;
  /** As it was sent. */
  text: string;
}

/** provider-health-service on a database and a namespace of its own, and calls to it. */
export class ProviderWorld {
  readonly namespace = freshNamespace('provider-health');
  readonly platform = new Platform(this.namespace);
  readonly redis = new Redis(testRedisUrl());
  /** Access tokens by role. */
  readonly tokens = new Map<string, string>();
  private readonly apps: NestFastifyApplication[] = [];
  private count = 0;
  database!: FreshDatabase;

  async open(): Promise<this> {
    await this.platform.open();
    for (const role of ROLES)
      this.tokens.set(role, await aToken(this.platform.key, { claims: { role, sub: role } }));
    this.database = await freshDatabase('provider_health');
    return this;
  }

  /** A replica. @param of lines: takes all that it logs, at `trace` */
  async start(
    of: { encryptionKeys?: string[]; allowPrivate?: boolean; lines?: string[] } = {},
  ): Promise<NestFastifyApplication> {
    const { namespace, database, platform } = this;
    const environment = anEnvironment({
      namespace,
      databaseUrl: database.url,
      authUrl: platform.url,
      encryptionKeys: of.encryptionKeys,
      allowPrivate: of.allowPrivate,
    });
    const app = await createService(
      {
        ...{ name: 'provider-health-service', transport: 'provider-health', path: 'providers' },
        module: AppModule.of(environment),
        environment: environment.variables,
      },
      of.lines && createPino('test', 'trace', into(of.lines)),
    );
    await app.init();
    await app.getHttpAdapter().getInstance().ready();
    await app.get(DatabaseConnection).whenReady();
    await eventually('the revocations are known', () => app.get(RevocationGate).isFresh);
    await eventually('PostgreSQL is there', async () => {
      const { status } = await this.call(app, 'GET', '/v1/providers');
      return status === 200;
    });
    this.apps.push(app);
    return app;
  }

  async stop(app: NestFastifyApplication): Promise<void> {
    this.apps.splice(this.apps.indexOf(app), 1);
    await app.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.apps.map((app) => app.close()));
    await this.platform.close();
    await this.database.drop();
    this.redis.disconnect();
  }

  serviceToken(permissions: string[], id = 'gateway-service'): Promise<string> {
    return aServiceToken(this.platform.key, id, permissions);
  }

  aName(): string {
    return `provider-${++this.count}`;
  }

  /** The audit events about the provider that wait in the outbox, the oldest first. */
  async events(app: NestFastifyApplication, name: string): Promise<Record<string, unknown>[]> {
    const rows: { payload: string }[] = await app
      .get(DataSource)
      .query(`SELECT payload FROM outbox_message WHERE topic = 'audit' AND payload LIKE $1 ORDER BY id`, [
        `%"${name}"%`,
      ]);
    return rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  }

  /** @param as a role */
  async call(
    app: NestFastifyApplication,
    method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    url: string,
    { body, as = 'admin' }: { body?: unknown; as?: string } = {},
  ): Promise<Answer> {
    const answer = await app.inject({
      ...{ method, url, payload: body === undefined ? undefined : JSON.stringify(body) },
      headers: {
        authorization: `Bearer ${this.tokens.get(as)}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
    });
    return {
      status: answer.statusCode,
      body: isJson(answer.headers['content-type']) ? answer.json<Record<string, unknown>>() : {},
      text: answer.body,
    };
  }

  /** A new provider; its name. */
  async aProvider(app: NestFastifyApplication, more: object = {}): Promise<string> {
    const name = this.aName();
    const body = { name, kind: 'openai', baseUrl: 'https://api.example.test', ...more };
    const made = await this.call(app, 'POST', '/v1/providers', { body });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
    return name;
  }
}

const isJson = (contentType: unknown) => /\bjson\b/.test(String(contentType));
