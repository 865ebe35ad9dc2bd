import { eventually } from '../support/eventually.js';
import { AuthFleet } from './auth-fleet.js';
import type { Tokens } from './auth-replica.js';
import { type Path, type Staleness, type Verifier, Verifiers } from './verifiers.js';

const POLICY = { maxStalenessMs: 1_500, maxOutageMs: 6_000 };
/** Between the age that is told and the decision. */
const NEAR_MS = 500;

type Regime = 'known' | 'stale' | 'out';

/** The regime in which it was decided, unless that was at a bound. */
function regimeOf(ageMs: number | null): Regime | undefined {
  const bounds = [POLICY.maxStalenessMs, POLICY.maxOutageMs];
  if (ageMs === null || bounds.some((bound) => ageMs <= bound && ageMs > bound - NEAR_MS)) return undefined;
  if (ageMs <= POLICY.maxStalenessMs) return 'known';
  return ageMs <= POLICY.maxOutageMs ? 'stale' : 'out';
}

describe('verifiers that are cut off from Redis', () => {
  let fleet: AuthFleet;
  let verifiers: Verifiers;
  let tokens: Tokens;
  const policies = ['by-requirement', 'refuse', 'allow'] as const;
  const started = new Map<Staleness['whenStale'], Verifier>();

  beforeAll(async () => {
    fleet = await AuthFleet.start();
    const auth = await fleet.replica();
    verifiers = new Verifiers(fleet, auth);
    for (const whenStale of policies)
      started.set(whenStale, await verifiers.start({ ...POLICY, whenStale }, { behindDoor: true }));
    tokens = await auth.signIn(fleet.anEmail());
    await verifiers.accept(tokens);
  }, 120_000);

  afterAll(async () => {
    await verifiers.kill();
    await fleet.stop();
  }, 60_000);

  it('do by their policy what they said, and accept nothing when it lasts', async () => {
    /** Every status by policy, regime and path. */
    const seen = new Map<string, Set<number>>();
    const ask = async (whenStale: Staleness['whenStale'], path: Path) => {
      const { status, ageMs } = await (started.get(whenStale) as Verifier).get(path, tokens);
      const regime = regimeOf(ageMs);
      if (regime === undefined) return;
      const at = `${whenStale} ${regime} ${path}`;
      seen.set(at, (seen.get(at) ?? new Set()).add(status));
    };
    const untilSeen = (count: number) =>
      eventually('all was seen', async () => {
        for (const policy of policies)
          for (const path of ['read', 'change'] as const) await ask(policy, path);
        return seen.size === count;
      });
    await untilSeen(3 * 2);
    await fleet.doors.redis.close();
    await untilSeen(3 * 3 * 2);
    const statuses = (regime: Regime) =>
      policies.map((policy) =>
        (['read', 'change'] as const).map((path) => [...(seen.get(`${policy} ${regime} ${path}`) ?? [])]),
      );
    const [in200, in503] = [[200], [503]];
    expect(statuses('known')).toEqual(policies.map(() => [in200, in200]));
    expect(statuses('stale')).toEqual([
      [in200, in503],
      [in503, in503],
      [in200, in200],
    ]);
    expect(statuses('out')).toEqual(policies.map(() => [in503, in503]));
    await fleet.doors.redis.open();
    await verifiers.accept(tokens);
  });

  it('accept nothing when they start like that', async () => {
    await fleet.doors.redis.close();
    const verifier = await verifiers.start({ whenStale: 'allow' }, { behindDoor: true });
    expect(await verifier.status('read', tokens)).toBe(503);
    expect(await verifier.status('ping', tokens)).toBe(200);
    await fleet.doors.redis.open();
    await verifiers.accept(tokens, [verifier]);
  });
});
