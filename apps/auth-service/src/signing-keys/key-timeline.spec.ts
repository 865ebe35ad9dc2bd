import { activeKey, inOrder, nextStep, retiresAt, stateOf, type TimedKey } from './key-timeline.js';

const at = (ms: number) => new Date(ms);
const rules = { aheadMs: 10, keptMs: 16, rotationMs: 100 };
const key = (kid: string, activeFrom: number, algorithm = 'ES256'): TimedKey => ({
  kid,
  algorithm,
  activeFrom: at(activeFrom),
});
const es256 = { algorithm: 'ES256', canUse: ({ algorithm }: TimedKey) => algorithm !== 'HS256' };
const rs256 = { ...es256, algorithm: 'RS256' };
const hs256 = (kid: string) => ({
  algorithm: 'HS256',
  kid,
  canUse: (k: TimedKey) => k.kid === kid || k.algorithm !== 'HS256',
});

describe('the states of signing keys', () => {
  const keys = [key('b', 100), key('a', 0), key('c', 200)];

  it.each([
    [0, ['active', 'next', 'next'], 'a'],
    [99, ['active', 'next', 'next'], 'a'],
    [100, ['retiring', 'active', 'next'], 'b'],
    [115, ['retiring', 'active', 'next'], 'b'],
    [116, ['gone', 'active', 'next'], 'b'],
    [500, ['gone', 'gone', 'active'], 'c'],
  ])('at %s are %j', (now, states, active) => {
    expect(inOrder(keys).map((each) => stateOf(keys, each, at(now), rules))).toEqual(states);
    expect(activeKey(keys, at(now))?.kid).toBe(active);
  });

  it('say until when a key signs', () => {
    expect(['a', 'b', 'c'].map((kid) => retiresAt(keys, kid)?.getTime())).toEqual([100, 200, undefined]);
  });

  it('are the same everywhere when two begin at once', () => {
    expect(activeKey([key('b', 1), key('a', 1)], at(1))?.kid).toBe(
      activeKey([key('a', 1), key('b', 1)], at(1))?.kid,
    );
  });
});

describe('nextStep', () => {
  it.each([
    ['makes the first key, which signs at once', [], es256, 5, { kind: 'make', activeFrom: at(5) }],
    ['does nothing while the key is young', [key('a', 0)], es256, 89, undefined],
    ['publishes the next one ahead', [key('a', 0)], es256, 90, { kind: 'make', activeFrom: at(100) }],
    [
      'publishes it ahead also when it is late',
      [key('a', 0)],
      es256,
      300,
      { kind: 'make', activeFrom: at(310) },
    ],
    ['makes no other while one waits', [key('a', 0), key('b', 100)], es256, 95, undefined],
    ['makes one of another algorithm, ahead', [key('a', 0)], rs256, 5, { kind: 'make', activeFrom: at(15) }],
    ['makes none of another while one waits', [key('a', 0), key('b', 9)], rs256, 5, undefined],
    ['brings a shared secret in ahead', [key('a', 0)], hs256('s'), 5, { kind: 'make', activeFrom: at(15) }],
    ['does not rotate a shared secret', [key('s', 0, 'HS256')], hs256('s'), 500, undefined],
    [
      'takes another shared secret at once',
      [key('r', 0, 'HS256')],
      hs256('s'),
      5,
      { kind: 'make', activeFrom: at(5) },
    ],
    [
      'leaves a shared secret that is not given at once',
      [key('s', 0, 'HS256')],
      es256,
      5,
      { kind: 'make', activeFrom: at(5) },
    ],
    [
      'does not fall back on a key that is on its way out',
      [key('a', 0), key('s', 9, 'HS256')],
      es256,
      10,
      { kind: 'make', activeFrom: at(10) },
    ],
    [
      'takes a secret that was there before',
      [key('s', 0, 'HS256'), key('b', 9)],
      hs256('s'),
      10,
      { kind: 'advance', activeFrom: at(20), kid: 's' },
    ],
    [
      'advances the one that waits when none can be used',
      [key('b', 9)],
      es256,
      5,
      { kind: 'advance', activeFrom: at(5), kid: 'b' },
    ],
  ])('%s', (_case, keys, wanted, now, step) => {
    expect(nextStep(keys, wanted, at(now), rules)).toEqual(
      step === undefined ? undefined : expect.objectContaining(step),
    );
  });

  it('makes one that is asked for, unless one waits already', () => {
    expect(nextStep([key('a', 0)], es256, at(5), rules, true)).toEqual({ kind: 'make', activeFrom: at(15) });
    expect(nextStep([key('a', 0), key('b', 9)], es256, at(5), rules, true)).toBeUndefined();
  });
});
