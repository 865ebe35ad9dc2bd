import { type ClusterRedisSettings, createRedis, type SentinelRedisSettings } from '@gatehouse/redis';
import {
  Broadcaster,
  BroadcastReceiver,
  type DeadLetter,
  DeadLetterBox,
  type DeadLetterBoxName,
  EventPublisher,
  findDeadLetterBoxes,
  Idempotent,
  RedisTransportContext,
  RedisTransportHealth,
  RedisTransportServer,
  type RequestClient,
} from '@gatehouse/redis-transport';
import { Controller, type INestApplication } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { eventually } from '../../../../test/support/eventually.js';
import { startCluster } from '../../../../test/support/redis-cluster.js';
import {
  MASTER_NAME,
  REPLICATED_PASSWORDS,
  startReplicated,
} from '../../../../test/support/redis-sentinels.js';
import { type RedisServer, RedisServers } from '../../../../test/support/redis-servers.js';
import { type ProcessOptions, TransportWorld } from './transport-fixture.js';

interface AuditRequests {
  'audit.echo': { payload: { n: number }; answer: { n: number } };
  'audit.once': { payload: { n: number }; answer: { n: number } };
}

interface ProviderEvents {
  'providers.noted': { n: number };
  'providers.refused': { n: number };
}

interface AuditBroadcasts {
  'audit.revoked': { n: number };
}

/** What a test works on, and the master that it kills: it holds `{audit}` and `{providers}`. */
interface Deployment {
  settings: SentinelRedisSettings | ClusterRedisSettings;
  master: RedisServer;
}

const addressesOf = (servers: readonly RedisServer[]) => servers.map(({ host, port }) => ({ host, port }));

async function onCluster(servers: RedisServers): Promise<Deployment> {
  await servers.prepare(4);
  const { masters } = await startCluster(servers);
  return { settings: { clusterNodes: addressesOf(masters), db: 0, tls: false }, master: masters[0] };
}

async function onSentinels(servers: RedisServers): Promise<Deployment> {
  await servers.prepare(5);
  const { master, sentinels } = await startReplicated(servers);
  const settings = {
    sentinels: addressesOf(sentinels),
    sentinelName: MASTER_NAME,
    sentinelPassword: REPLICATED_PASSWORDS.sentinel,
    password: REPLICATED_PASSWORDS.redis,
    db: 3,
    tls: false,
  };
  return { settings, master };
}

describe.each([
  ['a cluster', onCluster],
  ['a master and a replica that sentinels watch', onSentinels],
])('the transport on %s', (_where, deploy) => {
  const servers = new RedisServers();
  const world = new TransportWorld();
  const handled: number[] = [];
  const order: number[] = [];
  const applied: number[] = [];
  let runs = 0;
  let refuses = true;
  let work: Promise<void> = Promise.resolve();
  let deployment: Deployment;
  let audit: RequestClient<AuditRequests>;
  let events: EventPublisher<ProviderEvents>;

  @Controller()
  class AuditController {
    @MessagePattern('audit.echo')
    echo(@Payload() { n }: { n: number }) {
      return { n };
    }

    @Idempotent()
    @MessagePattern('audit.once')
    once(@Payload() { n }: { n: number }) {
      runs++;
      return { n };
    }

    @EventPattern<string>('providers.noted', { ordered: 'key' })
    async noted(@Payload() { n }: { n: number }, @Ctx() context: RedisTransportContext) {
      await work;
      handled.push(n);
      if (context.getHeaders()['key'] !== undefined) order.push(n);
    }

    @EventPattern<string>('providers.refused')
    refused(@Payload() { n }: { n: number }) {
      if (refuses) throw new Error('no');
      handled.push(n);
    }
  }

  const start = (service: string, options: Partial<ProcessOptions> = {}) =>
    world.start({ service, redis: deployment.settings, ...options });
  const startAudit = () => start('audit', { controllers: [AuditController] });
  const echo = (n: number) =>
    firstValueFrom(audit.send('audit.echo', { n })).catch((error: unknown) => error);
  const range = (from: number, count: number) => Array.from({ length: count }, (_, index) => from + index);
  const healthOf = (app: INestApplication) => app.get(RedisTransportHealth).check();

  beforeAll(async () => {
    deployment = await deploy(servers);
    const sender = await world.start({
      service: 'providers',
      redis: deployment.settings,
      asks: ['audit'],
      idempotent: ['audit.once'],
    });
    audit = sender.get<RequestClient<AuditRequests>>('audit');
    events = sender.get<EventPublisher<ProviderEvents>>(EventPublisher);
    const receiver = sender.get<BroadcastReceiver<AuditBroadcasts>>(BroadcastReceiver);
    const feed = receiver.subscribe('audit.revoked', {
      apply: ({ n }) => void applied.push(n),
      reload: () => undefined,
    });
    await eventually('the first load', () => feed.sequence !== undefined);
  }, 60_000);
  afterAll(async () => {
    await world.end();
    await servers.end();
  });

  it('answers requests, hands events on and broadcasts, as on one Redis', async () => {
    const replicas = [await startAudit(), await startAudit()];
    expect(await Promise.all(range(0, 100).map(echo))).toEqual(range(0, 100).map((n) => ({ n })));
    const id = 'once';
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await firstValueFrom(audit.send('audit.once', { n: 7 }, { id }))).toEqual({ n: 7 });
    }
    expect(runs).toBe(1);

    await Promise.all(range(0, 100).map((n) => events.emit('providers.noted', { n })));
    for (const n of range(100, 10)) await events.emit('providers.noted', { n }, { key: 'one' });
    await eventually('the events', () => handled.length === 110);
    expect(order).toEqual(range(100, 10));

    const broadcaster = replicas[0]?.get<Broadcaster<AuditBroadcasts>>(Broadcaster);
    for (const n of range(0, 10)) await broadcaster?.publish('audit.revoked', { n });
    await eventually('the broadcasts', () => applied.length === 10);
    expect(applied).toEqual(range(0, 10));

    await Promise.all(replicas.map((app) => healthOf(app)));
    await Promise.all(replicas.map((app) => app.get(RedisTransportServer).close()));
  }, 60_000);

  it('puts aside what cannot be handled, and back', async () => {
    const limits = { claimIdleMs: 50, maxDeliveries: 2 };
    const app = await start('audit', { controllers: [AuditController], limits });
    await events.emit('providers.refused', { n: 1_000 });
    const redis = createRedis(deployment.settings, { name: 'test', role: 'commands' });
    const boxes = () => findDeadLetterBoxes(redis, world.namespace).catch(() => []);
    await eventually('the dead letter', async () => (await boxes()).length === 1);
    const [name] = await boxes();
    const box = new DeadLetterBox(redis, name as DeadLetterBoxName);
    refuses = false;
    const [letter] = await box.list(10);
    expect(letter).toMatchObject({ pattern: 'providers.refused', data: '{"n":1000}' });
    expect(await box.replay(letter as DeadLetter)).toBe(true);
    await eventually('the event', () => handled.includes(1_000));
    redis.disconnect();
    await app.get(RedisTransportServer).close();
  }, 60_000);

  it('goes on after its master was killed, and has every event that was copied before', async () => {
    const { master } = deployment;
    let release: () => void = () => undefined;
    work = new Promise((resolve) => (release = resolve));
    handled.length = 0;
    const first = await startAudit();
    // Some are in hand, more wait.
    await Promise.all(range(0, 300).map((n) => events.emit('providers.noted', { n })));
    await eventually('work', async () =>
      (await healthOf(first)).streams.some(({ inFlight }) => inFlight > 0),
    );
    await eventually('the copy', async () => (await master.client.wait(1, 100)) >= 1);

    await master.kill();
    expect(await echo(1)).toMatchObject({ status: 503 });
    release();
    await eventually('an answer', async () => JSON.stringify(await echo(2)) === '{"n":2}');
    const second = await startAudit();
    await eventually('the events', () => new Set(handled).size === 300);
    expect(await Promise.all(range(0, 50).map(echo))).toEqual(range(0, 50).map((n) => ({ n })));
    await events.emit('providers.noted', { n: 300 });
    await eventually('a new event', () => handled.includes(300));
    applied.length = 0;
    await second.get<Broadcaster<AuditBroadcasts>>(Broadcaster).publish('audit.revoked', { n: 10 });
    await eventually('a broadcast', () => applied.includes(10));
    await eventually('health', () => healthOf(first).then(() => true));
  }, 60_000);
});
