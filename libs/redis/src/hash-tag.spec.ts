import { demandOneHashTag, hashTagOf } from './hash-tag.js';
import { slotOf } from './redis.cluster.js';

describe('hashTagOf', () => {
  it.each([
    ['a:{audit}:requests', 'audit'],
    ['{audit}', 'audit'],
    ['{a}{b}', 'a'],
    ['a{}{b}', 'a{}{b}'],
    ['a{b', 'a{b'],
    ['a}b{c}', 'c'],
    ['{a{b}c}', 'a{b'],
    ['plain', 'plain'],
  ])('of %s is %s, which has the same slot', (key, tag) => {
    expect(hashTagOf(key)).toBe(tag);
    expect(slotOf(key)).toBe(slotOf(tag));
  });
});

describe('demandOneHashTag', () => {
  it('takes keys of one tag', () => {
    expect(() => demandOneHashTag(['x:{a}:1', 'y:{a}:2', 'z:{a}'])).not.toThrow();
    expect(() => demandOneHashTag(['alone'])).not.toThrow();
    expect(() => demandOneHashTag([])).not.toThrow();
  });

  it('refuses others, though one Redis would take them', () => {
    expect(() => demandOneHashTag(['x:{a}:1', 'x:{a}:2', 'x:{b}:1'])).toThrow(/x:\{a\}:1 and x:\{b\}:1/);
    expect(() => demandOneHashTag(['a', 'b'])).toThrow(TypeError);
  });
});
