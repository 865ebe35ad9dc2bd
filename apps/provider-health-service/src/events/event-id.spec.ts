import { readEventId, startingPoint, writeEventId } from './event-id.js';

const HERE = { epoch: '5f1c09ab', last: 42 };

describe('event ids', () => {
  it('are read as they were written', () => {
    const position = { epoch: '5f1c09ab', sequence: 1042 };
    expect(readEventId(writeEventId(position))).toEqual(position);
  });

  it.each(['', '7', '5f1c09ab-', '5f1c09ab-01', '5f1c09ab--1', '5F1C09AB-1', '5f1c09ab-1e3', '5f1c09ab-1 '])(
    'are not %j',
    (id) => expect(readEventId(id)).toBeUndefined(),
  );

  it.each([
    [undefined, 'ready', 42],
    ['', 'ready', 42],
    ['5f1c09ab-0', 'resumed', 0],
    ['5f1c09ab-42', 'resumed', 42],
    ['5f1c09ab-43', 'reset', 42],
    ['00000000-7', 'reset', 42],
    ['nonsense', 'reset', 42],
  ] as const)('begin the stream after %j with %s at %d', (id, event, sequence) => {
    expect(startingPoint(id, HERE)).toEqual({ event, sequence });
  });
});
