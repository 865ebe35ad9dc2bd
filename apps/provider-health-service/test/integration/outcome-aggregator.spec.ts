import { Logger } from '@nestjs/common';
import { eventually } from '../../../../test/support/eventually.js';
import { RedisServers } from '../../../../test/support/redis-servers.js';
import { OutcomeStreamRepository } from '../../src/statistics/outcome-stream.repository.js';
import { type CountingReplica, type Outcomes, StatisticsWorld } from './statistics-world.js';

const T0 = Date.UTC(2026, 0, 15, 12, 0, 0);
/** What is left out is said aloud; these tests look at what is counted. */
beforeAll(() => {
  Logger.overrideLogger(false);
});

const once = (count: number) => ({ minute: count, hour: count, day: count });

describe('counting of outcomes', () => {
  let world: StatisticsWorld;
  let replica: CountingReplica;

  beforeEach(async () => {
    world = new StatisticsWorld();
    await world.open();
    replica = await world.replica();
    for (const name of ['alpha', 'beta']) await world.addProvider(replica, name);
  });
  afterEach(() => world.close());

  const appendMany = async (count: number, at = T0) => {
    for (let index = 0; index < count; index++) await world.append(at + index, [['alpha', 'success', index]]);
  };

  it('adds up what each provider came to, by the minute of Redis, and empties the stream', async () => {
    await world.append(T0 + 59_999, [
      ['alpha', 'success', 100],
      ['alpha', 'timeout', null],
      ['beta', 'success', null],
    ]);
    await world.append(T0 + 60_000, [['alpha', 'timeout', 5]]);
    await replica.countAll();
    await world.append(T0 + 1, [['alpha', 'success', 300]]);
    await replica.countAll();
    const sums = await replica.rollups.sum('all', [{ grain: 'minute', from: T0, until: T0 + 60_000 }]);
    const { successes, failures, responseTimes } = sums.get('alpha') as NonNullable<
      ReturnType<typeof sums.get>
    >;
    expect([successes, [...failures], responseTimes.count]).toEqual([2, [['timeout', 1]], 2]);
    expect(responseTimes.percentile(1)).toBeCloseTo(300, -1);
    expect(sums.get('beta')).toMatchObject({ successes: 1 });
    expect(await world.counted(replica)).toEqual(once(5));
    expect(await world.redis.xlen(world.stream)).toBe(0);
  });

  it('counts once what was committed when its replica died before it could remove it', async () => {
    class Dying extends OutcomeStreamRepository {
      override remove(): Promise<never> {
        return Promise.reject(new Error('kill -9'));
      }
    }
    const dying = await world.replica(new Dying(world.redis, world.environment));
    await appendMany(30);
    await expect(dying.recorder.recordHead()).rejects.toThrow('kill -9');
    await expect(dying.recorder.recordHead()).rejects.toThrow('kill -9');
    expect(await world.redis.xlen(world.stream)).toBe(30);
    await appendMany(7, T0 + 1_000);
    await replica.countAll();
    expect(await world.counted(replica)).toEqual(once(37));
    expect(await world.redis.xlen(world.stream)).toBe(0);
  });

  it('counts nothing of a transaction that failed, and all of it the next time', async () => {
    const add = replica.rollups.add.bind(replica.rollups);
    replica.rollups.add = async (...args) => {
      await add(...args);
      throw new Error('killed before the commit');
    };
    await appendMany(30);
    await expect(replica.recorder.recordHead()).rejects.toThrow('killed');
    expect(await world.counted(replica)).toEqual(once(0));
    replica.rollups.add = add;
    await replica.countAll();
    expect(await world.counted(replica)).toEqual(once(30));
  });

  it('counts once with three replicas at it all the time, while outcomes come in', async () => {
    const replicas = [replica, await world.replica(), await world.replica()];
    let done = false;
    const loops = replicas.map(async (each) => {
      while (!done) await each.countAll();
    });
    const appends = Array.from({ length: 3_000 }, (_, index) =>
      world.append(T0 + index * 100, [
        [index % 2 === 0 ? 'alpha' : 'beta', index % 3 === 0 ? 'server' : 'success', 1],
      ]),
    );
    await Promise.all(appends);
    await eventually('the stream is empty', async () => (await world.redis.xlen(world.stream)) === 0);
    done = true;
    await Promise.all(loops);
    expect(await world.counted(replica)).toEqual(once(3_000));
  });

  it('takes the turn from a replica that stopped with it, and lets it count nothing when it goes on', async () => {
    let goOn: () => void = () => undefined;
    const paused = new Promise<void>((resolve) => (goOn = resolve));
    let hasTurn = false;
    class Stopping extends OutcomeStreamRepository {
      override async head(most: number) {
        const entries = await super.head(most);
        hasTurn = true;
        await paused;
        return entries;
      }
    }
    const stopped = await world.replica(new Stopping(world.redis, world.environment));
    await appendMany(20);
    const outcome = stopped.recorder.recordHead().then(
      () => 'counted',
      () => 'failed',
    );
    await eventually('it stops with its turn', () => hasTurn);
    await replica.countAll();
    expect(await world.redis.xlen(world.stream)).toBe(20);
    await eventually('another counts', async () => {
      await replica.countAll();
      return (await world.redis.xlen(world.stream)) === 0;
    });
    goOn();
    expect(await outcome).toBe('failed');
    expect(await world.counted(replica)).toEqual(once(20));
  });

  it('counts what comes after Redis was emptied, also under ids that it had before', async () => {
    await world.append(T0, [['alpha', 'success', 1]], '1000-0');
    await world.append(T0, [['alpha', 'success', 2]], '2000-0');
    await replica.countAll();
    await world.redis.del(world.stream);
    // Its clock went back, too: ids begin below and repeat.
    await world.append(T0 + 5, [['alpha', 'success', 3]], '500-0');
    await world.append(T0 + 5, [['alpha', 'success', 3]], '1000-0');
    await world.append(T0 + 5, [['beta', 'network', null]], '2000-0');
    await replica.countAll();
    expect(await world.counted(replica)).toEqual(once(5));
    expect(await world.redis.xlen(world.stream)).toBe(0);
  });

  it('knows again what a Redis with older data has brought back, and counts what is new among it', async () => {
    const old: [string, Outcomes][] = Array.from({ length: 10 }, (_, index) => [
      `${1_000 + index}-0`,
      [['alpha', 'success', index]],
    ]);
    for (const [id, outcomes] of old) await world.append(T0, outcomes, id);
    await replica.countAll();
    await appendMany(5);
    await replica.countAll();
    await world.redis.del(world.stream);
    for (const [id, outcomes] of old.slice(4)) await world.append(T0, outcomes, id);
    await world.append(T0, [['beta', 'success', 1]], '1009-1');
    await replica.countAll();
    expect(await world.counted(replica)).toEqual(once(16));
  });

  it('remembers for as long as an entry cannot be removed', async () => {
    class Stuck extends OutcomeStreamRepository {
      override remove(): Promise<never> {
        return Promise.reject(new Error('MISCONF'));
      }
    }
    const stuck = await world.replica(new Stuck(world.redis, world.environment));
    await appendMany(3);
    await expect(stuck.recorder.recordHead()).rejects.toThrow('MISCONF');
    await replica.dataSource.query(`UPDATE counted_batch SET counted_at = now() - interval '3 hours'`);
    await expect(stuck.recorder.recordHead()).rejects.toThrow('MISCONF');
    expect(await replica.batches.forget(10)).toBe(0);
    await replica.countAll();
    expect(await world.counted(replica)).toEqual(once(3));
    await replica.dataSource.query(`UPDATE counted_batch SET counted_at = now() - interval '3 hours'`);
    expect(await replica.batches.forget(10)).toBe(1);
  });

  it('leaves out what is no entry and what is of a provider that is no more, and goes on', async () => {
    await world.redis.xadd(world.stream, '*', 'something', 'else');
    await world.redis.xadd(world.stream, '*', 'at', 'never', 'outcomes', '[]');
    await world.redis.xadd(world.stream, '*', 'at', T0, 'outcomes', '[["alpha","success",-1]]');
    await world.append(T0, [
      ['gone', 'success', 1],
      ['alpha', 'of-a-later-version', 1],
    ]);
    await replica.countAll();
    expect(await world.counted(replica)).toEqual(once(1));
    expect(await world.redis.xlen(world.stream)).toBe(0);
    await replica.dataSource.query(`DELETE FROM provider WHERE name = 'alpha'`);
    expect(await world.counted(replica)).toEqual(once(0));
  });

  it('counts once while providers are deleted', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `short-${index}`);
    for (const name of names) await world.addProvider(replica, name);
    const deletions = (async () => {
      for (const name of names)
        await replica.dataSource.query(`DELETE FROM provider WHERE name = $1`, [name]);
    })();
    for (let round = 0; round < 20; round++) {
      await world.append(T0, [...names.map((name) => [name, 'success', 1] as Outcomes[number])]);
      await world.append(T0, [['alpha', 'success', 1]]);
      await replica.countAll();
    }
    await deletions;
    await replica.countAll();
    expect(await world.counted(replica)).toEqual(once(20));
  });

  it('tells how far it is behind, and what the full stream has lost', async () => {
    expect(await replica.stream.backlog()).toEqual({ length: 0, ageMs: 0, lost: 0 });
    await appendMany(10);
    await replica.countAll();
    await appendMany(6);
    await world.redis.xtrim(world.stream, 'MAXLEN', 4);
    const [seconds] = await world.redis.time();
    const backlog = await replica.stream.backlog();
    expect(backlog).toEqual({ length: 4, ageMs: expect.any(Number) as number, lost: 2 });
    expect(backlog.ageMs).toBeLessThan(Number(seconds) * 1_000);
    expect((await replica.recorder.recordHead())?.lost).toBe(2);
    expect(await world.counted(replica)).toEqual(once(14));
  });

  it('counts a hundred thousand outcomes, a bounded number at a time', async () => {
    const outcomes: Outcomes = Array.from({ length: 20 }, (_, index) => [
      index % 2 === 0 ? 'alpha' : 'beta',
      index % 5 === 0 ? 'server' : 'success',
      index,
    ]);
    await Promise.all(Array.from({ length: 5_000 }, (_, index) => world.append(T0 + index * 7, outcomes)));
    const largest: number[] = [];
    for (;;) {
      const recorded = await replica.recorder.recordHead();
      if (recorded === undefined) break;
      largest.push(recorded.outcomes.length);
    }
    expect(Math.max(...largest)).toBeLessThanOrEqual(20_000);
    expect(await world.counted(replica)).toEqual(once(100_000));
  });
});

describe('counting of outcomes, with a Redis that comes back as it was before', () => {
  const servers = new RedisServers();
  const world = new StatisticsWorld();

  beforeAll(() => servers.prepare(1), 60_000);
  afterAll(() => servers.end(), 30_000);

  it('counts once what its older data brings back', async () => {
    const server = await servers.start();
    await world.open({ host: server.host, port: server.port, db: 0, tls: false });
    const replica = await world.replica();
    await world.addProvider(replica, 'alpha');
    for (let index = 0; index < 5; index++) await world.append(T0, [['alpha', 'success', index]]);
    // What a snapshot or an append-only file of this moment holds, ids and counts of the stream with it.
    const older = await world.redis.dumpBuffer(world.stream);
    await replica.countAll();
    await world.append(T0, [['alpha', 'success', 9]]);
    await replica.countAll();
    await world.redis.flushall();
    await world.redis.restore(world.stream, 0, older ?? '');
    await world.append(T0, [['alpha', 'success', 10]]);
    await replica.countAll();
    expect(await world.counted(replica)).toEqual(once(7));
    expect(await replica.stream.backlog()).toMatchObject({ length: 0, lost: 0 });
    await world.close();
  }, 60_000);
});
