import { Redis } from 'ioredis';
import {
  freshNamespace,
  removeNamespace,
  type TestRedisSettings,
  testRedisSettings,
} from '../support/redis.js';
import { Child } from './child.js';
import { Ledger } from './ledger.js';

/** Times of the transport that are short enough for a test, and long beside the hiccups of a busy machine. */
const QUICK = {
  requestTimeoutMs: 20_000,
  claimIdleMs: 800,
  blockMs: 200,
  housekeepingMs: 200,
  deadConsumerMs: 1_000,
  broadcastCheckMs: 200,
};

export interface ChildOptions {
  /** Where it finds Redis, unless that is where everybody does. */
  readonly redis?: TestRedisSettings;
  readonly limits?: Readonly<Record<string, number>>;
}

/** The processes of one test, in one namespace of one Redis, and what they did. */
export class FaultWorld {
  readonly namespace = freshNamespace('faults');
  readonly ledger = new Ledger(`ledger-${this.namespace}`);
  readonly redis: Redis;
  private readonly children: Child[] = [];

  /** @param transport the Redis of the transport, by default that of the tests, which nothing kills */
  constructor(private readonly transport: TestRedisSettings = testRedisSettings()) {
    this.redis = new Redis({ ...transport, tls: undefined, maxRetriesPerRequest: null });
    // Every test that kills Redis waits until it is back.
    this.redis.on('error', () => undefined);
  }

  /** A replica of a service that hears `providers.noted` and, as every service here, answers `audit.note`. */
  service(service: string, options: ChildOptions = {}): Promise<Child> {
    return this.start('service', options, { service });
  }

  /** Who asks `audit`, publishes and broadcasts. */
  client(options: ChildOptions = {}): Promise<Child> {
    return this.start('client', options);
  }

  /** Who has an outbox in this database. */
  producer(database: string): Promise<Child> {
    return this.start('producer', {}, { database });
  }

  /** Who hears the broadcasts `auth.revoked`. */
  receiver(options: ChildOptions = {}): Promise<Child> {
    return this.start('receiver', options);
  }

  key(name: string): string {
    return `${this.namespace}:${name}`;
  }

  /** The channels of publish/subscribe of this world to which somebody listens. */
  async channels(): Promise<string[]> {
    return (await this.redis.pubsub('CHANNELS', `${this.namespace}:*`)) as string[];
  }

  /** Ends every process. */
  async killAll(): Promise<void> {
    await Promise.all(this.children.splice(0).map((child) => child.kill()));
  }

  async end(): Promise<void> {
    await this.killAll();
    this.redis.disconnect();
    await this.ledger.remove();
    await removeNamespace(this.namespace);
  }

  private start(
    script: string,
    { redis = this.transport, limits }: ChildOptions,
    more: Readonly<Record<string, unknown>> = {},
  ): Promise<Child> {
    const transport = { redis, namespace: this.namespace, limits: { ...QUICK, ...limits } };
    const child = Child.start(script, { transport, ledger: this.ledger.options, ...more });
    this.children.push(child);
    return child.ready();
  }
}
