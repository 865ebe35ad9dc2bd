import { Redis } from 'ioredis';
import type { KillablePostgres } from '../../tools/testing/killable-postgres.mjs';
import { eventually, eventuallyHolds } from '../support/eventually.js';
import type { Child } from './child.js';
import { ProviderFleet } from './provider-fleet.js';
import { startPostgres } from './stoppable-postgres.js';

const STEPPED_CLOCK = './test/faults/processes/stepped-clock.mjs';
const HOUR_MS = 3_600_000;
/** Two seconds of being left alone: long enough to be seen, and over soon. */
const POLICY = { unhealthySeconds: 2 };

const failures = (name: string, count: number) =>
  Array.from({ length: count }, () => ({ name, kind: 'server' }));
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);
const successes = (name: string, count: number) =>
  Array.from({ length: count }, () => ({ name, kind: 'success' }));

describe('the health of providers', () => {
  let postgres: KillablePostgres;
  let fleet: ProviderFleet;
  let client: Child;
  let count = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
    fleet = await ProviderFleet.start(postgres);
    await Promise.all([fleet.replica(), fleet.replica(STEPPED_CLOCK)]);
    client = await fleet.client();
  });
  afterAll(() => fleet.stop());

  const aProvider = async (policy: object = POLICY): Promise<string> => {
    const name = `provider-${count++}`;
    await fleet.create(name, policy);
    await eventually('the client knows it', () => client.call('known', name));
    return name;
  };
  const record = async (outcomes: object[]) => {
    await client.call('record', { outcomes });
    await client.call('settle');
  };
  /** What every replica and every client says of it. */
  const everywhere = (name: string, expected: { status: string; version: number }) =>
    eventuallyHolds(async () => {
      for (const status of await fleet.statusesOf(name)) expect(status).toMatchObject(expected);
      for (const known of await fleet.knownOf(name)) {
        expect(known).toMatchObject(expected);
        expect(known.stale).toBeUndefined();
      }
    });
  const recorded = (name: string, versions: number[]) =>
    eventuallyHolds(async () =>
      expect((await fleet.historyOf(name)).map(({ version }) => version)).toEqual(versions),
    );
  /** After its timeout three successes make it healthy: nothing is wedged. */
  const heals = async (name: string, version: number) => {
    await eventually('it is half-open', async () =>
      (await fleet.statusesOf(name)).every(({ reason }) => reason === 'half-open'),
    );
    await record(successes(name, 3));
    await everywhere(name, { status: 'healthy', version });
  };

  it('survives a Redis that is killed, and a client that went on meanwhile is counted once', async () => {
    const [down, local] = [await aProvider({ unhealthySeconds: 60 }), await aProvider()];
    await record(failures(down, 5));
    await everywhere(down, { status: 'unhealthy', version: 2 });
    // A second, in which its file is written.
    await fleet.redis.mark();
    await fleet.redis.kill();
    await client.call('record', { outcomes: failures(local, 3) });
    await eventuallyHolds(async () =>
      expect(await client.call('known', local)).toMatchObject({ status: 'degraded', stale: true }),
    );
    await fleet.redis.start();
    await client.call('settle');
    await everywhere(local, { status: 'degraded', version: 1 });
    for (const status of await fleet.statusesOf(local)) expect(status.consecutiveFailures).toBe(3);
    await everywhere(down, { status: 'unhealthy', version: 2 });
    await recorded(down, [1, 2]);
  });

  it('goes on from what is recorded when Redis comes back with older data', async () => {
    const name = await aProvider();
    const mark = await fleet.redis.mark();
    await record(failures(name, 5));
    await recorded(name, [1, 2]);
    await fleet.redis.loseSince(mark);
    await fleet.redis.start();
    await everywhere(name, { status: 'unhealthy', version: 2 });
    await heals(name, 3);
    await recorded(name, [1, 2, 3]);
  });

  it('counts nothing on older data that Redis comes back with, however many report meanwhile', async () => {
    const name = await aProvider({ degradedAfter: 1, healthyAfter: 1, unhealthyAfter: 1_000 });
    const mark = await fleet.redis.mark();
    await record(Array.from({ length: 10 }, () => [...failures(name, 1), ...successes(name, 1)]).flat());
    await recorded(name, upTo(20));
    await fleet.redis.loseSince(mark);
    // What each report was answered from its return on.
    const answers: { status: string; version: number }[] = [];
    const reports = fleet.replicas.flatMap((replica) =>
      ['failures', 'successes'].map(async (kind) => {
        const body = { responseTimeMs: 1, ...(kind === 'failures' && { class: 'server' }) };
        while (answers.length < 200) {
          const path = `/v1/providers/${name}/${kind}`;
          const answer = await replica.call<{ status: string; version: number }>('POST', path, {
            body,
            token: fleet.token,
          });
          if (answer.status === 200) answers.push(answer.body);
        }
      }),
    );
    await fleet.redis.start();
    await Promise.all(reports);
    const version = Math.max(...answers.map((answer) => answer.version));
    expect(Math.min(...answers.map((answer) => answer.version))).toBeGreaterThanOrEqual(20);
    await recorded(name, upTo(version));
    const history = await fleet.historyOf(name);
    for (const answer of answers) expect(history[answer.version - 1]?.to).toBe(answer.status);
  });

  it('goes on from what is recorded when Redis is emptied', async () => {
    const name = await aProvider();
    await record(failures(name, 5));
    await recorded(name, [1, 2]);
    const redis = new Redis(fleet.redis.url);
    await redis.flushall();
    redis.disconnect();
    await everywhere(name, { status: 'unhealthy', version: 2 });
    await heals(name, 3);
    await recorded(name, [1, 2, 3]);
  });

  it('counts and tells while PostgreSQL is away, and writes everything down afterwards', async () => {
    const name = await aProvider({ unhealthySeconds: 60 });
    await postgres.stop();
    await record([...failures(name, 5)]);
    await everywhere(name, { status: 'unhealthy', version: 2 });
    await postgres.start();
    await recorded(name, [1, 2]);
    await eventuallyHolds(async () =>
      expect(await fleet.statisticsOf(name)).toMatchObject({ calls: 5, failures: 5 }),
    );
  });

  it('is not wedged by a client that died with the only permit', async () => {
    const name = await aProvider();
    await record(failures(name, 5));
    await eventually('it is half-open', async () =>
      (await fleet.statusesOf(name)).every(({ reason }) => reason === 'half-open'),
    );
    const dying = await fleet.client();
    expect(await dying.call('acquire', name)).toEqual(expect.any(String));
    await dying.kill();
    fleet.clients.splice(fleet.clients.indexOf(dying), 1);
    expect((await fleet.call('POST', `/v1/providers/${name}/permits`)).status).toBe(409);
    await heals(name, 3);
  });

  it.each([
    ['an hour behind', -HOUR_MS, -HOUR_MS],
    ['the replica ahead, the client behind', HOUR_MS, -HOUR_MS],
  ])('goes by the clock of Redis, whatever those of hosts say: %s', async (_case, replicaMs, clientMs) => {
    const name = await aProvider();
    fleet.replicas[1]?.tell({ clockOffMs: replicaMs });
    await client.call('stepClock', clientMs);
    await record(failures(name, 5));
    await everywhere(name, { status: 'unhealthy', version: 2 });
    for (const { available } of await fleet.statusesOf(name)) expect(available).toBe(false);
    await heals(name, 3);
    await record([{ name, kind: 'rate-limited', retryAfter: 1 }]);
    await eventually('it is open again', async () =>
      (await fleet.statusesOf(name)).every(({ available }) => available),
    );
    fleet.replicas[1]?.tell({ clockOffMs: 0 });
    await client.call('stepClock', 0);
    await recorded(name, [1, 2, 3]);
  });

  it('is told again by a replica that was paused, and changed by it not twice', async () => {
    const name = await aProvider({ unhealthySeconds: 60 });
    fleet.replicas[1]?.pause();
    await client.call('record', { outcomes: failures(name, 5) });
    await eventuallyHolds(async () =>
      expect(await client.call('known', name)).toMatchObject({ status: 'unhealthy' }),
    );
    fleet.replicas[1]?.resume();
    await client.call('settle');
    await everywhere(name, { status: 'unhealthy', version: 2 });
    await recorded(name, [1, 2]);
    await eventuallyHolds(async () =>
      expect(await fleet.statisticsOf(name)).toMatchObject({ calls: 5, failures: 5 }),
    );
  });
});
