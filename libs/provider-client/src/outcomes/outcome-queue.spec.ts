import fc from 'fast-check';
import { OutcomeQueue } from './outcome-queue.js';
import type { QueuedOutcome } from './queued-outcome.js';

const success = (name: string) => ({ outcome: { name, responseTimeMs: 1 }, at: 0 });
const failure = (name: string) => ({ outcome: { name, class: 'server' as const }, at: 0 });
const text = (outcomes: readonly QueuedOutcome[]) =>
  outcomes
    .map(({ outcome, ordinal }) => `${outcome.name}${'class' in outcome ? '!' : ''}${ordinal}`)
    .join(' ');

describe('OutcomeQueue', () => {
  it('lets the providers that have failed go first, the outcomes of each in their order', () => {
    const queue = new OutcomeQueue(100);
    for (const name of ['a', 'b']) queue.push(success(name));
    queue.push(failure('b'));
    queue.push(success('a'));
    queue.push(success('b'));
    expect(text(queue.take(4))).toBe('b2 b!3 b5 a1');
    queue.settle();
    expect(text(queue.take(4))).toBe('a4');
  });

  it('puts the oldest successes out when it is full, and failures only when there is nothing else', () => {
    const queue = new OutcomeQueue(3);
    queue.push(success('a'));
    queue.push(failure('a'));
    queue.push(success('a'));
    expect(queue.push(failure('a'))).toBe(1);
    expect(text(queue.unsettled())).toBe('a!2 a3 a!4');
    expect(queue.push(failure('a'))).toBe(1);
    expect(queue.push(failure('a'))).toBe(1);
    expect(text(queue.unsettled())).toBe('a!4 a!5 a!6');
  });

  it('knows until when all is settled', () => {
    const queue = new OutcomeQueue(100);
    for (const name of ['a', 'b', 'c']) queue.push(success(name));
    const batch = queue.take(100);
    queue.putBack(batch.slice(1));
    expect(queue.isSettledTo(0)).toBe(true);
    expect(queue.isSettledTo(1)).toBe(false);
    queue.settle();
    expect([queue.isSettledTo(1), queue.isSettledTo(2), queue.length]).toEqual([true, false, 2]);
    queue.take(100);
    queue.settle();
    queue.push(success('d'));
    expect(queue.isSettledTo(3)).toBe(true);
  });

  it('loses none, keeps the order of each provider and its bound, whatever is pushed, taken and put back', () => {
    const step = fc.oneof(
      fc.record({ name: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() }),
      fc.record({ take: fc.integer({ min: 1, max: 5 }), keep: fc.nat(5) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = new OutcomeQueue(20);
        const settled: QueuedOutcome[] = [];
        let [pushed, dropped] = [0, 0];
        for (const given of steps) {
          if ('name' in given) {
            pushed++;
            dropped += queue.push(given.fails ? failure(given.name) : success(given.name));
          } else {
            const batch = queue.take(given.take);
            queue.putBack(batch.slice(given.keep));
            settled.push(...batch.slice(0, given.keep));
            queue.settle();
          }
          expect(queue.length).toBeLessThanOrEqual(20);
        }
        const left = queue.unsettled();
        expect(settled.length + left.length + dropped).toBe(pushed);
        for (const name of ['a', 'b', 'c']) {
          const ordinals = [...settled, ...left]
            .filter(({ outcome }) => outcome.name === name)
            .map(({ ordinal }) => ordinal);
          expect(ordinals).toEqual([...ordinals].sort((one, other) => one - other));
        }
      }),
    );
  });
});
