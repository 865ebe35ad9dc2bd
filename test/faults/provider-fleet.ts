import type { ProviderStatistics, ProviderStatus, StatusChange } from '@gatehouse/provider-health-contracts';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { aServiceToken, aToken, ISSUER } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import type { Answer } from '../support/json-call.js';
import { Platform } from '../support/platform.js';
import { freshDatabase } from '../support/postgres.js';
import { Child } from './child.js';
import { ServiceReplica } from './service-replica.js';

const SECRET = 'a-secret-of-the-tests-that-is-long-enough';
/** What services and their clients share on Redis where nobody says otherwise. */
const NAMESPACE = 'gatehouse';

/** What a client holds of a provider. */
export interface KnownProvider {
  readonly status: string;
  readonly available: boolean;
  readonly reason: string;
  readonly version: number;
  readonly stale?: boolean;
}

/** Where a fleet has its rows. */
export interface FleetDatabase {
  readonly url: string;
  remove(): Promise<void>;
}

/** Replicas of provider-health-service and clients of it, each in a process of its own. */
export class ProviderFleet {
  readonly replicas: ServiceReplica[] = [];
  readonly clients: Child[] = [];
  private turn = 0;
  private admin = '';

  private constructor(
    readonly redis: KillableRedis,
    readonly database: FleetDatabase,
    private readonly platform: Platform,
  ) {}

  /** @param given where it has its rows, by default a fresh database on the server of the tests */
  static async start(given?: FleetDatabase): Promise<ProviderFleet> {
    const [redis, database] = await Promise.all([startKillableRedis(), given ?? onTheServerOfTheTests()]);
    const platform = await new Platform(NAMESPACE, redis.settings).open();
    const fleet = new ProviderFleet(redis, database, platform);
    fleet.admin = await aToken(platform.key, { claims: { role: 'admin', sub: 'admin' } });
    return fleet;
  }

  /** @param preload a module that is loaded before it */
  async replica(preload?: string): Promise<ServiceReplica> {
    const replica = await ServiceReplica.spawn('provider-health-service', {
      preload,
      env: {
        ...{ ISSUER, AUTH_URL: this.platform.url, REDIS_URL: this.redis.url, ENCRYPTION_KEY: SECRET },
        PROVIDER_HEALTH_DATABASE_URL: this.database.url,
        // Upstreams and receivers of tests are on this machine.
        HEALTH_CHECK_ALLOW_PRIVATE: 'true',
        SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: SECRET,
      },
    });
    this.replicas.push(replica);
    return replica;
  }

  /** Ends the oldest replica with -9, and starts another. */
  async replaceReplica(): Promise<void> {
    await this.replicas.shift()?.kill();
    await this.replica();
  }

  /** A process that calls providers. */
  async client(): Promise<Child> {
    const permissions = ['providers:read', 'providers:report'];
    const token = await aServiceToken(this.platform.key, 'gateway-service', permissions);
    const client = Child.start('provider-client', { redis: this.redis.settings, token });
    this.clients.push(client);
    return client.ready();
  }

  /** Of an admin. */
  get token(): string {
    return this.admin;
  }

  async create(name: string, policy: object = {}): Promise<void> {
    const body = { name, kind: 'test', baseUrl: 'https://provider.example', policy };
    expect((await this.call('POST', '/v1/providers', body)).status).toBe(201);
  }

  /** Asks one replica after the other until one answers. */
  async call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    return eventually(`${method} ${path} is answered`, async () => {
      const replica = this.replicas[this.turn++ % this.replicas.length];
      const signal = AbortSignal.timeout(5_000);
      const answer = await replica?.call<Body>(method, path, { body, token: this.admin, signal });
      return answer !== undefined && answer.status < 500 && answer;
    });
  }

  async statusOf(name: string): Promise<ProviderStatus> {
    return (await this.call<ProviderStatus>('GET', `/v1/providers/${name}/status`)).body;
  }

  async statisticsOf(name: string): Promise<ProviderStatistics> {
    return (await this.call<ProviderStatistics>('GET', `/v1/providers/${name}/stats?window=1h`)).body;
  }

  /** The recorded changes of its status, the oldest first. */
  async historyOf(name: string): Promise<StatusChange[]> {
    const found: StatusChange[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const from: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const { body } = await this.call<{ items: StatusChange[]; nextCursor: string | null }>(
        'GET',
        `/v1/providers/${name}/history?limit=200${from}`,
      );
      found.push(...body.items);
      cursor = body.nextCursor;
    }
    return found.reverse();
  }

  /** What each replica says of it. */
  async statusesOf(name: string): Promise<ProviderStatus[]> {
    const path = `/v1/providers/${name}/status`;
    const answers = await Promise.all(
      this.replicas.map((replica) => replica.call<ProviderStatus>('GET', path, { token: this.admin })),
    );
    return answers.map(({ body }) => body);
  }

  /** What each client holds of it. */
  knownOf(name: string): Promise<KnownProvider[]> {
    return Promise.all(this.clients.map((client) => client.call<KnownProvider>('known', name)));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.clients, ...this.replicas].map((process) => process.kill()));
    await this.platform.close();
    await Promise.all([this.redis.remove(), this.database.remove()]);
  }
}

async function onTheServerOfTheTests(): Promise<FleetDatabase> {
  const database = await freshDatabase('provider_fleet');
  return { url: database.url, remove: () => database.drop() };
}
