import { STATISTICS_WINDOWS } from '@gatehouse/provider-health-contracts';
import fc from 'fast-check';
import { GRAINS, partRanges, windowStart } from './window-parts.js';

const NOW = Date.UTC(2026, 2, 1);
const lengths = { '5m': 300_000, '1h': 3_600_000, '24h': 86_400_000, '30d': 30 * 86_400_000 };
const aTime = fc.integer({ min: NOW, max: NOW + 3 * 86_400_000 });

describe('the parts of a window', () => {
  it('are next to each other, on the borders of their grain, from the beginning on', () => {
    fc.assert(
      fc.property(aTime, fc.constantFrom(...STATISTICS_WINDOWS), (now, window) => {
        const from = windowStart(window, now);
        const ranges = [...partRanges(from, now)].sort((one, other) => one.from - other.from);
        let end = from;
        for (const range of ranges) {
          expect(range.from).toBe(end);
          expect(range.from % GRAINS[range.grain].length).toBe(0);
          if (range.until !== Infinity) expect(range.until % GRAINS[range.grain].length).toBe(0);
          end = range.until;
        }
        expect(end).toBe(Infinity);
      }),
    );
  });

  it('begin where the window does, or less than a part of the finest that is there before', () => {
    fc.assert(
      fc.property(aTime, fc.constantFrom(...STATISTICS_WINDOWS), (now, window) => {
        const early = now - lengths[window] - windowStart(window, now);
        expect(early).toBeGreaterThanOrEqual(0);
        expect(early).toBeLessThan(window === '30d' ? 3_600_000 : 60_000);
      }),
    );
  });

  it('are few: a month is days with hours and minutes beside them, and none that is kept no longer', () => {
    fc.assert(
      fc.property(aTime, fc.constantFrom(...STATISTICS_WINDOWS), (now, window) => {
        const parts = partRanges(windowStart(window, now), now).map(({ grain, from, until }) => {
          expect(from).toBeGreaterThanOrEqual(now - GRAINS[grain].kept);
          return (Math.min(until, now) - from) / GRAINS[grain].length;
        });
        expect(parts.reduce((sum, part) => sum + part, 0)).toBeLessThan(30 + 48 + 121);
      }),
    );
  });
});
