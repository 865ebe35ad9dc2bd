import type { AddressInfo } from 'node:net';
import { RevocationGate } from '@gatehouse/access-control';
import { createService } from '@gatehouse/service-bootstrap';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { aToken } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { type Answer, jsonCall } from '../../../../test/support/json-call.js';
import { Platform } from '../../../../test/support/platform.js';
import { type FreshDatabase, freshDatabase } from '../../../../test/support/postgres.js';
import { freshNamespace } from '../../../../test/support/redis.js';
import { AppModule } from '../../src/app.module.js';
import { anEnvironment } from '../an-environment.js';

/** One replica, listening. */
export interface Replica {
  app: NestFastifyApplication;
  origin: string;
}

/** A platform with a database and a namespace of its own, and replicas of provider-health-service in it. */
export class HealthWorld {
  readonly namespace = freshNamespace('provider-health');
  readonly platform = new Platform(this.namespace);
  readonly replicas: Replica[] = [];
  database!: FreshDatabase;
  private count = 0;

  static async open(replicas = 1): Promise<HealthWorld> {
    const world = new HealthWorld();
    await world.platform.open();
    world.database = await freshDatabase('provider_health');
    for (let index = 0; index < replicas; index++) await world.boot();
    return world;
  }

  async close(): Promise<void> {
    await Promise.all(this.replicas.map(({ app }) => app.close()));
    await this.platform.close();
    await this.database.drop();
  }

  async boot(): Promise<Replica> {
    const { namespace, database, platform } = this;
    const environment = anEnvironment({ namespace, databaseUrl: database.url, authUrl: platform.url });
    const app = await createService({
      ...{ name: 'provider-health-service', transport: 'provider-health', path: 'providers' },
      module: AppModule.of(environment),
      environment: environment.variables,
    });
    await app.listen(0, '127.0.0.1');
    await eventually('the revocations are known', () => app.get(RevocationGate).isFresh);
    const { port } = app.getHttpServer().address() as AddressInfo;
    const replica = { app, origin: `http://127.0.0.1:${port}` };
    this.replicas.push(replica);
    return replica;
  }

  token(role = 'admin'): Promise<string> {
    return aToken(this.platform.key, { claims: { role, sub: role } });
  }

  /** Asks the first replica. */
  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    { body, role = 'admin' }: { body?: unknown; role?: string } = {},
  ): Promise<Answer<Body>> {
    return jsonCall<Body>(method, `${this.replicas[0]?.origin}${path}`, {
      body,
      token: await this.token(role),
    });
  }

  /** A new provider. @returns its name */
  async aProvider(more: object = {}): Promise<string> {
    const name = `provider-${this.count++}`;
    const body = { name, kind: 'openai', baseUrl: 'https://api.example.test', ...more };
    const { status } = await this.call('POST', '/v1/providers', { body });
    if (status !== 201) throw new Error(`The provider was answered with ${status}`);
    return name;
  }
}
