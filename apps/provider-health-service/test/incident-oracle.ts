import type { ProviderStatusName, StatusChange } from '@gatehouse/provider-health-contracts';
import fc from 'fast-check';

const MERGED_MS = 300_000;
const STATUSES: ProviderStatusName[] = ['healthy', 'degraded', 'unhealthy'];

/** Changes of one provider in their order, each to another status than the one before, with pauses around the window. */
export const aHistory = (provider = 'a'): fc.Arbitrary<StatusChange[]> =>
  fc
    .array(
      fc.record({
        turn: fc.constantFrom(1, 2),
        pause: fc.oneof(fc.integer({ min: 0, max: 20_000 }), fc.integer({ min: 299_990, max: 300_010 })),
      }),
      { maxLength: 25 },
    )
    .map((steps) => {
      let [at, status] = [Date.UTC(2026, 0, 1), 0];
      return steps.map(({ turn, pause }, index) => {
        const from = STATUSES[status]!;
        at += pause;
        status = (status + turn) % STATUSES.length;
        const to = STATUSES[status]!;
        return {
          ...{ provider, from, to, version: index + 1, at: new Date(at).toISOString() },
          reason: 'consecutive-failures',
        };
      });
    });

/**
 * The incidents of a history, seen from its end: the spans in which the provider was not healthy, those with little between
 * them taken together.
 */
export function incidentsOf(history: readonly StatusChange[]) {
  const spans: StatusChange[][] = [];
  for (const change of history) {
    if (change.from === 'healthy') spans.push([]);
    spans.at(-1)?.push(change);
  }
  const merged: StatusChange[][][] = [];
  for (const span of spans) {
    const end = merged.at(-1)?.at(-1)?.at(-1);
    const near = end !== undefined && Date.parse(span[0]!.at) - Date.parse(end.at) <= MERGED_MS;
    if (near) merged.at(-1)?.push(span);
    else merged.push([span]);
  }
  return merged.map((parts) => {
    const changes = parts.flat();
    const last = changes.at(-1)!;
    return {
      openedAt: Date.parse(changes[0]!.at),
      closedAt: last.to === 'healthy' ? Date.parse(last.at) : undefined,
      severity: changes.some(({ to }) => to === 'unhealthy') ? 'unhealthy' : 'degraded',
      flaps: parts.length - 1,
      transitions: changes.length,
    };
  });
}
