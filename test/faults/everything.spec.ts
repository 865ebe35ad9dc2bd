import { setTimeout as sleep } from 'node:timers/promises';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { eventually } from '../support/eventually.js';
import { RedisDoor } from '../support/redis-door.js';
import { expectCurrent, range } from './broadcasts.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, idsOf, messages, type OutgoingMessage } from './messages.js';
import { expectEmptyStreams, expectEnded, expectHandledOnce } from './oracle.js';
import { scale } from './scale.js';

/** Of events and of requests each. */
const MESSAGES = scale(1_000, 10_000);
/** In each round. */
const REVOCATIONS = scale(10, 100);
const ABANDONED = 200;
const TIMEOUT_MS = 120_000;
/** Longer than Redis holds back a write that it has acknowledged. */
const IN_DOUBT_MS = 2_500;
/** Kept answers are forgotten before the test looks for what is left. */
const LIMITS = { idempotencyWindowMs: 2_000 };
/** What a client may have kept in the end: of ten thousand messages 200 bytes each. */
const MOST_BYTES_KEPT = 2_000_000;
/** An empty stream with its groups. */
const MOST_BYTES_OF_STREAM = 20_000;

/** Messages that were sent together. */
interface Round {
  readonly requests: OutgoingMessage[];
  readonly events: OutgoingMessage[];
  readonly ends: Promise<End[]>;
  /** When Redis had each of the events. */
  readonly acknowledgedAt: Promise<number[]>;
}

/**
 * The requests are idempotent: their client sends them again by itself. The events are published again by their
 * producer, with the same ids, where Redis was killed within the two seconds after it had them.
 */
describe('ten thousand events and ten thousand idempotent requests', () => {
  let redis: KillableRedis;
  let door: RedisDoor;
  let world: FaultWorld;
  let asking: Child;
  let publishing: Child;
  let receiver: Child;
  let audit: Child[];
  let auth: Child[];
  let revoked = 0;
  const rounds: Round[] = [];
  const redisKilledAt: number[] = [];

  beforeAll(async () => {
    redis = await startKillableRedis();
    door = new RedisDoor(redis.url);
    await door.open();
    world = new FaultWorld(redis.settings);
    const throughDoor = { redis: door.settings, limits: LIMITS };
    [asking, publishing, receiver, audit, auth] = await Promise.all([
      world.client(throughDoor),
      world.client(throughDoor),
      world.receiver(throughDoor),
      Promise.all([start('audit'), world.service('audit', throughDoor)]),
      Promise.all([start('auth')]),
    ]);
  });
  afterAll(async () => {
    await world.end();
    await door.close();
    await redis.remove();
  });

  const start = (service: string) => world.service(service, { limits: LIMITS });
  const requestsOf = (label: string, count: number) =>
    messages(`${label}-request`, count, { pattern: 'audit.note-once', timeoutMs: TIMEOUT_MS, workMs: 1 });
  const send = (label: string, count: number): Round => {
    const requests = requestsOf(label, count);
    const events = messages(`${label}-event`, count, { pattern: 'providers.noted-once', workMs: 1 });
    return {
      requests,
      events,
      ends: asking.call<End[]>('ask', { messages: requests }),
      acknowledgedAt: publishing.call<number[]>('emit', { messages: events }),
    };
  };
  const revoke = async () => {
    await publishing.call('revoke', range(revoked + 1, revoked + REVOCATIONS));
    revoked += REVOCATIONS;
  };
  const handled = async () =>
    (await world.ledger.countEffectsOf('audit')) + (await world.ledger.countEffectsOf('auth'));

  const faults: Record<string, () => Promise<void>> = {
    'a consumer is killed': async () => {
      await audit.shift()?.kill();
      audit.push(await start('audit'));
    },
    'a consumer is paused': async () => {
      auth[0]?.pause();
      await sleep(1_500);
      auth[0]?.resume();
    },
    'connections are cut again and again': async () => {
      for (let times = 0; times < 5; times++) {
        door.cut();
        await sleep(100);
      }
    },
    'Redis is killed': async () => {
      await redis.kill();
      redisKilledAt.push(Date.now());
      await redis.start();
    },
    'a client is killed': async () => {
      const victim = await world.client({ limits: LIMITS });
      const asked = victim.call('ask', { messages: requestsOf('abandoned', ABANDONED) });
      asked.catch(() => undefined);
      await sleep(20);
      await victim.kill();
    },
    'the way to Redis is closed for a while': async () => {
      await door.close();
      await sleep(500);
      await door.open();
    },
    'every consumer is killed': async () => {
      await Promise.all([...audit, ...auth].map((replica) => replica.kill()));
      audit = await Promise.all(['audit', 'audit'].map(start));
      auth = await Promise.all(['auth'].map(start));
    },
    'a receiver is paused and cut off': async () => {
      receiver.pause();
      door.cut();
      await revoke();
      receiver.resume();
    },
    'Redis is restarted': async () => {
      await redis.kill('SIGTERM');
      await redis.start();
    },
  };

  async function sendThroughAllFaults(): Promise<void> {
    const perRound = Math.ceil(MESSAGES / Object.keys(faults).length);
    for (const [name, inflict] of Object.entries(faults)) {
      const before = await handled();
      rounds.push(send(name.replaceAll(' ', '-'), perRound));
      await eventually(`${name}: some are handled`, async () => (await handled()) > before + perRound / 4);
      await inflict();
      await revoke();
    }
  }

  async function publishAgainWhatIsInDoubt(): Promise<void> {
    for (const { events, acknowledgedAt } of rounds) {
      const times = await acknowledgedAt;
      const inDoubt = events.filter((_, n) =>
        redisKilledAt.some((killedAt) => {
          const before = killedAt - (times[n] ?? 0);
          return before >= 0 && before < IN_DOUBT_MS;
        }),
      );
      await publishing.call('emit', { messages: inDoubt });
    }
  }

  it('go through every fault: none is lost, each is done once for each service, nothing is left behind', async () => {
    // What the first messages and the first cut load and compile is no growth.
    rounds.push(send('first', MESSAGES / 10));
    door.cut();
    await Promise.all(rounds.flatMap(({ ends, acknowledgedAt }) => [ends, acknowledgedAt]));
    await expectEmptyStreams(world);
    const clients = [asking, publishing];
    const bytesBefore = await Promise.all(clients.map((client) => client.call<number>('heap')));

    await sendThroughAllFaults();
    await publishAgainWhatIsInDoubt();

    const requests = rounds.flatMap((round) => round.requests);
    const events = rounds.flatMap((round) => round.events);
    const ends = await Promise.all(rounds.map((round) => round.ends));
    expectEnded(ends.flat(), requests);
    await expectEmptyStreams(world);
    await expectHandledOnce(world, 'auth', events);
    const abandoned = new Set(idsOf(requestsOf('abandoned', ABANDONED)));
    const byAudit = (await world.ledger.effectsOf('audit')).filter((id) => !abandoned.has(id));
    expect(byAudit).toEqual(idsOf([...requests, ...events]));
    await expectCurrent(receiver, revoked);

    for (const [index, client] of clients.entries()) {
      expect(await client.call('awaitingReplies')).toBe(0);
      const bytes = await client.call<number>('heap');
      expect(bytes - (bytesBefore[index] ?? 0)).toBeLessThan(MOST_BYTES_KEPT);
    }
    await expectNothingLeftBehind();
  });

  async function expectNothingLeftBehind(): Promise<void> {
    const streams = ['{audit}:requests', '{auth}:requests', '{providers}:events'].map((name) =>
      world.key(name),
    );
    const broadcasts = ['{auth}:broadcasts:auth.revoked', '{auth}:broadcasts:auth.revoked:tail'];
    const left = [...streams, ...broadcasts.map((name) => world.key(name))].sort();
    const keys = async () => (await world.redis.keys(`${world.namespace}:*`)).sort();
    await eventually('kept answers are forgotten', async () =>
      (await keys()).every((key) => !key.includes(':once:')),
    );
    expect(await keys()).toEqual(left);
    for (const stream of streams)
      expect(await world.redis.memory('USAGE', stream)).toBeLessThan(MOST_BYTES_OF_STREAM);
    const processes = [asking, publishing, receiver, ...audit, ...auth];
    const broadcastChannels = 1;
    expect(await world.channels()).toHaveLength(processes.length + broadcastChannels);
    const consumers = async (stream: string, group: string) =>
      ((await world.redis.xinfo('CONSUMERS', world.key(stream), group)) as unknown[]).length;
    await eventually('no name of the dead', async () => {
      const ofAudit = await consumers('{audit}:requests', 'audit');
      const ofAuth = await consumers('{providers}:events', 'auth');
      return ofAudit <= audit.length && ofAuth <= auth.length;
    });
  }
});
