import type { ProviderSnapshot } from '@gatehouse/provider-health-contracts';
import fc from 'fast-check';
import { aSnapshot } from '../../test/a-provider.js';
import { KnownProviders } from './known-providers.js';

const revisions = (known: KnownProviders) =>
  Object.fromEntries([...known.all].map(([name, { snapshot }]) => [name, snapshot.health.revision]));

describe('KnownProviders', () => {
  it('takes the newer revision, in whatever order they come, and swaps the whole', () => {
    const known = new KnownProviders();
    known.replace([aSnapshot('one', { revision: 3 })]);
    const before = known.all;
    expect(known.put(aSnapshot('one', { revision: 2, status: 'unhealthy' }))).toBe(false);
    expect(known.put(aSnapshot('one', { revision: 3, status: 'unhealthy' }))).toBe(false);
    expect(known.all).toBe(before);
    expect(known.put(aSnapshot('one', { revision: 5, status: 'degraded' }))).toBe(true);
    expect(known.get('one')?.snapshot.health.status).toBe('degraded');
    expect(before.get('one')?.snapshot.health.status).toBe('healthy');
  });

  it('does not bring back what was removed by a late word of it, but takes a new one of that name', () => {
    const known = new KnownProviders();
    known.replace([aSnapshot('one', { revision: 3 })]);
    known.remove('one');
    known.put(aSnapshot('one', { revision: 3 }));
    expect(known.get('one')).toBeUndefined();
    known.put(aSnapshot('one', { revision: 4 }));
    expect(known.get('one')).toBeDefined();
  });

  it('lets a snapshot replace everything, also newer revisions of a Redis that lost its data', () => {
    const known = new KnownProviders();
    known.replace([aSnapshot('one', { revision: 9 }), aSnapshot('two', { revision: 9 })]);
    known.replace([aSnapshot('one', { revision: 1, status: 'degraded' })]);
    expect(revisions(known)).toEqual({ one: 1 });
    expect(known.get('one')?.snapshot.health.status).toBe('degraded');
  });

  it('takes response times without a revision, and leaves all else and what was read before', () => {
    const known = new KnownProviders();
    known.replace([
      { ...aSnapshot('one', { revision: 9, status: 'degraded' }), responseTimeMs: { p50: 1 } },
      { ...aSnapshot('two', { revision: 9 }), responseTimeMs: { p50: 2 } },
    ]);
    const before = known.get('one');
    const times = new Map([
      ['one', { p50: 5, p95: 6, p99: 7 }],
      ['nobody', { p50: 1, p95: 1, p99: 1 }],
    ]);
    known.putResponseTimes(times);
    expect(known.get('one')?.snapshot).toEqual({ ...before?.snapshot, responseTimeMs: times.get('one') });
    expect(known.get('one')?.always?.responseTimeMs).toMatchObject({ p50: 5 });
    expect(known.get('two')?.snapshot.responseTimeMs).toBeUndefined();
    expect(before?.snapshot.responseTimeMs).toEqual({ p50: 1 });
    expect([...known.all.keys()]).toEqual(['one', 'two']);
    expect(revisions(known)).toEqual({ one: 9, two: 9 });
  });

  it('is what was newest in the end, whatever comes twice, late, or between a snapshot and its changes', () => {
    const names = ['a', 'b', 'c'];
    const happening = fc.record({
      name: fc.constantFrom(...names),
      kind: fc.constantFrom('change', 'change', 'change', 'remove', 'snapshot'),
    });
    fc.assert(
      fc.property(
        fc.array(happening, { maxLength: 40 }),
        fc.array(fc.nat(4), { minLength: 40, maxLength: 40 }),
        (happenings, delays) => {
          // What the fleet does, one after the other; each change is told at once and once more later.
          const fleet = new Map<string, ProviderSnapshot>();
          const told: { at: number; tell: (known: KnownProviders) => void }[] = [];
          const known = new KnownProviders();
          let revision = 0;
          happenings.forEach(({ name, kind }, index) => {
            if (kind === 'snapshot') {
              const providers = [...fleet.values()];
              told.push({ at: index, tell: () => known.replace(providers) });
            } else if (kind === 'remove') {
              fleet.delete(name);
              told.push({ at: index, tell: () => known.remove(name) });
            } else {
              const snapshot = aSnapshot(name, { revision: ++revision });
              fleet.set(name, snapshot);
              told.push({ at: index, tell: () => known.put(snapshot) });
              told.push({ at: index + (delays[index] ?? 0), tell: () => known.put(snapshot) });
            }
          });
          told.sort((one, other) => one.at - other.at).forEach(({ tell }) => tell(known));
          expect(revisions(known)).toEqual(
            Object.fromEntries([...fleet].map(([name, { health }]) => [name, health.revision])),
          );
        },
      ),
    );
  });
});
