import fc from 'fast-check';
import {
  formatEntryBundle,
  MalformedBundleError,
  MAX_ENTRY_BYTES,
  parseEntryBundle,
} from './entry-bundle.js';

const bytes = (...values: number[]) => Buffer.of(...values);

describe('a bundle of entries', () => {
  it('gives the length of each in two bytes, the larger first', () => {
    expect(formatEntryBundle([bytes(7), bytes(), Buffer.alloc(258, 9)])).toEqual(
      Buffer.concat([bytes(0, 1, 7), bytes(0, 0), bytes(1, 2), Buffer.alloc(258, 9)]),
    );
  });

  it('is read as it was written', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(entries, (written) => {
        const read = parseEntryBundle(formatEntryBundle(written), written.length);
        expect(read.map((entry) => entry.toString('hex'))).toEqual(
          written.map((entry) => Buffer.from(entry).toString('hex')),
        );
      }),
    );
  });

  it('holds the longest entry, and no longer one', () => {
    const longest = Buffer.alloc(MAX_ENTRY_BYTES, 3);
    expect(parseEntryBundle(formatEntryBundle([longest]), 1)).toEqual([longest]);
    expect(() => formatEntryBundle([Buffer.alloc(MAX_ENTRY_BYTES + 1)])).toThrow(RangeError);
  });

  it('holds from 1 up to 256', () => {
    expect(() => formatEntryBundle([])).toThrow(RangeError);
    expect(() => formatEntryBundle(Array.from({ length: 257 }, () => bytes()))).toThrow(RangeError);
  });

  it('is refused with more or fewer entries, or cut off', () => {
    const bundle = formatEntryBundle([bytes(1, 2), bytes(3)]);
    expect(() => parseEntryBundle(bundle, 1)).toThrow('more than 1');
    expect(() => parseEntryBundle(bundle, 3)).toThrow('2 entries, not 3');
    for (let length = 0; length < bundle.length; length += 1) {
      expect(() => parseEntryBundle(bundle.subarray(0, length), 2)).toThrow(MalformedBundleError);
    }
  });

  it('fails in one way only', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(8), (garbage, width) => {
        try {
          parseEntryBundle(garbage, width);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedBundleError);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
