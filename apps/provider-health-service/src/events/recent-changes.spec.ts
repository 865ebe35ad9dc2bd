import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { RecentChanges } from './recent-changes.js';

const numbered = (...sequences: number[]) =>
  sequences.map((sequence) => ({ sequence, change: {} as StatusChange }));

describe('RecentChanges', () => {
  it('knows what came after a number, and when it does not know', () => {
    const recent = new RecentChanges(10, 3);
    const after = (sequence: number, limit = 10) =>
      recent.after(sequence, limit)?.map((change) => change.sequence);
    expect([after(9), after(10), after(11)]).toEqual([undefined, [], []]);
    recent.add(numbered(11, 13));
    expect([after(10), after(11), after(12), after(13), after(10, 1)]).toEqual([
      ...[[11, 13], [13], [13], [], [11]],
    ]);
    recent.add(numbered(14, 15));
    expect([after(10), after(11), after(13)]).toEqual([undefined, [13, 14, 15], [14, 15]]);
  });
});
