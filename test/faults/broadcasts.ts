import { eventually } from '../support/eventually.js';
import type { Child } from './child.js';

/** What a receiver holds in memory, and how it came by it. */
export interface ReceiverState {
  /** Everything that it takes for revoked, sorted. */
  readonly revoked: number[];
  /** What it applied, and when it loaded everything instead. */
  readonly steps: (number | 'reload')[];
  readonly ageMs: number;
}

/** The numbers from the first to the last. */
export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

/** The receiver comes to hold 1 to `last`, and nothing else. */
export async function expectCurrent(receiver: Child, last: number): Promise<ReceiverState> {
  const state = await eventually(`${last} revocations`, async () => {
    const now = await receiver.call<ReceiverState>('state');
    return now.revoked.length >= last && now;
  });
  expect(state.revoked).toEqual(range(1, last));
  return state;
}
