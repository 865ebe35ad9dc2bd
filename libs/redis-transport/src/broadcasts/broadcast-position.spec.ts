import fc from 'fast-check';
import {
  type Broadcast,
  type BroadcastPosition,
  catchUp,
  follows,
  isKnown,
  positionOf,
} from './broadcast-position.js';

const broadcast = (
  generation: string,
  sequence: number,
  messageId = `${generation}${sequence}`,
): Broadcast => ({
  generation,
  sequence,
  headers: { 'message-id': messageId },
  data: sequence,
});
const at = (sequence: number): BroadcastPosition =>
  sequence === 0 ? { generation: 'g', sequence } : positionOf(broadcast('g', sequence));
const tail = (sequence: number, from: number) => ({
  generation: 'g',
  sequence,
  time: 0,
  broadcasts: Array.from({ length: Math.max(0, sequence - from + 1) }, (_, index) =>
    broadcast('g', from + index),
  ),
});

describe('catching up', () => {
  it('has nothing to do at the end of the tail', () => {
    expect(catchUp(at(3), tail(3, 3))).toEqual({ kind: 'apply', missed: [] });
    expect(catchUp(at(0), tail(0, 1))).toEqual({ kind: 'apply', missed: [] });
  });

  it('applies what was missed', () => {
    expect(catchUp(at(3), tail(5, 3))).toEqual({
      kind: 'apply',
      missed: [broadcast('g', 4), broadcast('g', 5)],
    });
    expect(catchUp(at(0), tail(1, 1))).toEqual({ kind: 'apply', missed: [broadcast('g', 1)] });
  });

  it.each([
    ['the tail begins too late', at(3), tail(9, 5)],
    ['the tail begins too late for the first', at(0), tail(9, 2)],
    ['the tail is gone', at(3), tail(5, 6)],
    ['the tail has lost its end', at(3), { ...tail(3, 3), sequence: 4 }],
    ['the tail has a hole', at(1), { ...tail(3, 1), broadcasts: [broadcast('g', 1), broadcast('g', 3)] }],
    ['Redis went back', at(3), tail(2, 3)],
    ['Redis gave the number out again', at(3), { ...tail(3, 4), broadcasts: [broadcast('g', 3, 'other')] }],
    ['another generation began', at(3), { ...tail(3, 3), generation: 'h' }],
  ])('reloads when %s', (_, position, found) => {
    expect(catchUp(position, found)).toEqual({ kind: 'reload' });
  });

  it('never leaves a receiver without a broadcast, whatever is lost on the way', () => {
    type Step = { kind: 'publish'; arrives: boolean } | { kind: 'check' } | { kind: 'flush' };
    const steps = fc.array(
      fc.oneof(
        { weight: 6, arbitrary: fc.record({ kind: fc.constant('publish' as const), arrives: fc.boolean() }) },
        { weight: 2, arbitrary: fc.constant({ kind: 'check' as const }) },
        { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
      ),
      { maxLength: 60 },
    );
    fc.assert(
      // A flush right after a broadcast that did not arrive was once taken for "nothing was ever broadcast".
      fc.property(steps, fc.integer({ min: 1, max: 5 }), (script: Step[], kept) => {
        let generation = 0;
        let published: Broadcast[] = [];
        // Everything ever published, which is what a snapshot holds, and what the receiver knows.
        const truth = new Set<string>();
        let known = new Set<string>();
        const name = () => `g${generation}-`;
        let position: BroadcastPosition = { generation: name(), sequence: 0 };
        const check = () => {
          const found = {
            generation: name(),
            sequence: published.length,
            time: 0,
            broadcasts: published.slice(-kept).filter(({ sequence }) => sequence >= position.sequence),
          };
          const step = catchUp(position, found);
          if (step.kind === 'reload') {
            known = new Set(truth);
            const last = published.at(-1);
            position = last === undefined ? { generation: name(), sequence: 0 } : positionOf(last);
          } else {
            for (const missed of step.missed) receive(missed);
          }
        };
        const receive = (arrived: Broadcast) => {
          if (isKnown(arrived, position)) return;
          if (!follows(arrived, position)) return check();
          known.add(arrived.headers['message-id'] ?? '');
          position = positionOf(arrived);
        };
        for (const step of script) {
          if (step.kind === 'flush') {
            published = [];
            generation++;
          } else if (step.kind === 'check') {
            check();
          } else {
            const next = broadcast(`g${generation}-`, published.length + 1);
            published.push(next);
            truth.add(next.headers['message-id'] ?? '');
            if (step.arrives) receive(next);
          }
        }
        check();
        expect(known).toEqual(truth);
      }),
    );
  });
});
