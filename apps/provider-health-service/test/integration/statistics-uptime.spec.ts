import fc from 'fast-check';
import { ProviderHistory } from '../../src/events/provider.history.js';
import { TransitionRepository } from '../../src/events/transition.repository.js';
import { type CountingReplica, StatisticsWorld } from './statistics-world.js';

const UNTIL = 20_000;
const statuses = ['healthy', 'degraded', 'unhealthy'] as const;

interface Change {
  at: number;
  to: (typeof statuses)[number];
}

/** Looks at every millisecond, one by one. */
function unhealthyMs(changes: readonly Change[], from: number): number {
  let unhealthy = 0;
  for (let moment = from; moment < UNTIL; moment++) {
    const last = changes.filter(({ at }) => at <= moment).at(-1);
    if (last?.to === 'unhealthy') unhealthy++;
  }
  return unhealthy;
}

describe('the time in which a provider was unhealthy', () => {
  const world = new StatisticsWorld();
  let replica: CountingReplica;
  let history: ProviderHistory;
  let count = 0;

  beforeAll(async () => {
    await world.open();
    replica = await world.replica();
    history = new ProviderHistory(new TransitionRepository(replica.dataSource));
  });
  afterAll(() => world.close());

  const record = (provider: string, changes: readonly Change[], firstVersion = 1) =>
    replica.dataSource.query(
      `INSERT INTO transition (provider, version, from_status, to_status, reason, at, sequence)
       SELECT $1, $2::integer + n - 1, 'healthy', status, 'marked', at,
              n + (SELECT coalesce(max(sequence), 0) FROM transition)
       FROM unnest($3::text[], $4::timestamptz[]) WITH ORDINALITY AS change (status, at, n)`,
      [provider, firstVersion, changes.map(({ to }) => to), changes.map(({ at }) => new Date(at))],
    );

  const aChange = fc.record({
    at: fc.oneof(fc.integer({ min: 0, max: UNTIL }), fc.constantFrom(0, 5_000, 5_001, UNTIL)),
    to: fc.constantFrom(...statuses),
  });
  const changes = fc.array(aChange, { maxLength: 12 }).map((list) => list.sort((a, b) => a.at - b.at));

  it('is what an observer of each millisecond sees, from whenever it is asked', async () => {
    await fc.assert(
      fc.asyncProperty(changes, fc.constantFrom(0, 1, 5_000, 5_001, 12_345), async (list, from) => {
        const provider = `up-${count++}`;
        await record(provider, list);
        const [found] = await history.unhealthyTimes(
          [{ provider, created: new Date(0), from: new Date(from) }],
          new Date(UNTIL),
        );
        expect(found).toEqual({
          provider,
          unhealthyMs: unhealthyMs(list, from),
          transitions: list.filter(({ at }) => at >= from).length,
        });
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('does not count what was before the provider was created, and knows those without a change', async () => {
    const provider = `up-${count++}`;
    await record(provider, [
      { at: 1_000, to: 'unhealthy' },
      { at: 9_000, to: 'unhealthy' },
    ]);
    const created = new Date(8_000);
    const found = await history.unhealthyTimes(
      [
        { provider, created, from: created },
        { provider: 'always-up', created, from: created },
      ],
      new Date(10_000),
    );
    expect(found).toEqual([
      { provider, unhealthyMs: 1_000, transitions: 1 },
      { provider: 'always-up', unhealthyMs: 0, transitions: 0 },
    ]);
  });
});
