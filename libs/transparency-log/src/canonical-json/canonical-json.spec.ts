import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { assertCanonical, canonicalJson, NotCanonicalError } from './canonical-json.js';

const FOLDER = join(import.meta.dirname, '../../test/vectors/jcs');
const vectors = readdirSync(join(FOLDER, 'input')).map((file) => [
  file,
  readFileSync(join(FOLDER, 'input', file), 'utf8'),
  readFileSync(join(FOLDER, 'output', file), 'utf8'),
]);

describe('canonicalJson', () => {
  it('is held to all vectors of cyberphone/json-canonicalization', () => {
    expect(vectors).toHaveLength(6);
  });

  it.each(vectors)('is that of the vector %s', (_file, input = '', output) => {
    expect(canonicalJson(JSON.parse(input))).toBe(output);
  });

  it('is the example of RFC 8785 §3.2.3', () => {
    const value = {
      numbers: [333333333.3333333, 4.5, 2e-3, 0.000000000000000000000000001],
      string: '\u20ac$\u000F\u000aA\'\u0042\u0022\u005c\\"/',
      literals: [null, true, false],
    };
    expect(canonicalJson(value)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,4.5,0.002,1e-27],' +
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
  });

  it('sorts by UTF-16 code units', () => {
    expect(canonicalJson({ '\u{1f600}': 1, '\ufb33': 2, '\u20ac': 3, '\r': 4, 1: 5 })).toBe(
      '{"\\r":4,"1":5,"€":3,"😀":1,"\ufb33":2}',
    );
  });

  it.each([
    ['an integer beyond 2^53', { n: 2 ** 53 }],
    ['a negative one', [-(2 ** 53)]],
    ['a number that is none', [NaN]],
    ['half a surrogate pair', 'a\uDC00'],
    ['half a pair in a name', { '\uD800': 1 }],
    ['a name that is no ordinary one', JSON.parse('{"__proto__":{"a":1}}') as unknown],
    ['a function', { f: () => 1 }],
    ['a bigint', [1n]],
    ['what is 65 levels down', JSON.parse('['.repeat(66) + ']'.repeat(66)) as unknown],
  ])('is refused to %s', (_what, value) => {
    expect(() => assertCanonical(value)).toThrow(NotCanonicalError);
  });

  it('is given to what is 64 levels down, and not to undefined', () => {
    const deep = '['.repeat(65) + ']'.repeat(65);
    assertCanonical(JSON.parse(deep));
    expect(canonicalJson(JSON.parse(deep))).toBe(deep);
    expect(() => canonicalJson(undefined)).toThrow(NotCanonicalError);
  });

  it('does not depend on the order of fields and can be read back', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.nat()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        const text = canonicalJson(value);
        expect(canonicalJson(reversed)).toBe(text);
        expect(JSON.parse(text)).toEqual(value);
      }),
    );
  });

  it('is the same for whatever JSON, once it is canonical', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        fc.pre(isCanonical(value));
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 50 },
    );
  });
});

function isCanonical(value: unknown): boolean {
  try {
    assertCanonical(value);
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(NotCanonicalError);
    return false;
  }
}
