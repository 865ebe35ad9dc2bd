import { STATISTICS_WINDOWS } from '@gatehouse/provider-health-contracts';
import fc from 'fast-check';
import { RollupTable } from '../../src/statistics/tally.js';
import { type Grain, GRAINS, partOf, partRanges, windowStart } from '../../src/statistics/window-parts.js';
import { callsOf, type CountingReplica, StatisticsWorld } from './statistics-world.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 2, 1, 0, 0, 0);

describe('statistics of a window', () => {
  const world = new StatisticsWorld();
  let replica: CountingReplica;
  let count = 0;

  beforeAll(async () => {
    await world.open();
    replica = await world.replica();
  });
  afterAll(() => world.close());

  /** Near the borders of minutes, hours and days, and anywhere, over more than a month. */
  const aMoment = fc.oneof(
    fc.integer({ min: NOW - 40 * DAY, max: NOW + DAY }),
    fc
      .tuple(
        fc.constantFrom(MINUTE, HOUR, DAY),
        fc.integer({ min: -32, max: 30 }),
        fc.integer({ min: -2, max: 2 }),
      )
      .map(([length, parts, off]) => NOW + parts * length + off),
  );

  const record = async (name: string, moments: readonly number[]) => {
    await world.addProvider(replica, name);
    const table = new RollupTable();
    for (const at of moments) table.add({ at, outcomes: [[name, 'success', 5]] });
    await replica.dataSource.transaction((manager) => replica.rollups.add(manager, table.all()));
  };

  it('is what was counted from its beginning, whatever the time, no part of it twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(aMoment, { maxLength: 40 }), aMoment, async (moments, now) => {
        const name = `windowed-${count++}`;
        await record(name, moments);
        for (const window of STATISTICS_WINDOWS) {
          const from = windowStart(window, now);
          const sums = await replica.rollups.sum([name], partRanges(from, now));
          const tally = sums.get(name);
          const wanted = moments.filter((at) => at >= from).length;
          expect({ window, calls: tally === undefined ? 0 : callsOf(tally) }).toEqual({
            window,
            calls: wanted,
          });
          expect(tally?.responseTimes.count ?? 0).toBe(wanted);
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('says the same when the housekeeper has been there', async () => {
    const [{ now } = { now: new Date() }]: { now: Date }[] =
      await replica.dataSource.query('SELECT now() AS now');
    const at = now.getTime();
    const ages = [
      0,
      HOUR,
      23 * HOUR,
      47 * HOUR,
      49 * HOUR,
      20 * DAY,
      34 * DAY,
      36 * DAY,
      399 * DAY,
      402 * DAY,
    ];
    const name = `kept-${count++}`;
    await record(
      name,
      ages.map((age) => at - age),
    );
    const calls = async () => {
      const found = STATISTICS_WINDOWS.map(async (window) => {
        const ranges = partRanges(windowStart(window, at), at);
        return (await replica.rollups.sum([name], ranges)).get(name)?.successes;
      });
      return Promise.all(found);
    };
    const before = await calls();
    expect(before).toEqual([1, 2, 3, 6]);
    const other = await world.replica();
    for (const grain of ['minute', 'hour', 'day'] as const)
      await Promise.all([replica, other].map(({ rollups }) => rollups.removeOver(grain, 500)));
    expect(await calls()).toEqual(before);
    const rows: { grain: Grain; oldest: Date }[] = await replica.dataSource.query(
      `SELECT grain, min(at) AS oldest FROM rollup WHERE provider = $1 GROUP BY grain`,
      [name],
    );
    const oldest = Object.fromEntries(rows.map((row) => [row.grain, row.oldest.getTime()]));
    expect(oldest).toEqual({
      minute: partOf(at - 47 * HOUR, 'minute'),
      hour: partOf(at - 34 * DAY, 'hour'),
      day: partOf(at - 399 * DAY, 'day'),
    });
    expect(Object.values(GRAINS).map(({ kept }) => kept / HOUR)).toEqual([48, 35 * 24, 400 * 24]);
  });
});
