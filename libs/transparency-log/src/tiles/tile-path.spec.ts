import fc from 'fast-check';
import { formatBundlePath, formatTilePath, MalformedTilePathError, parseTilePath } from './tile-path.js';

describe('the path of a tile', () => {
  it.each([
    ['tile/0/x001/x234/067', { kind: 'tile', level: 0, index: 1_234_067, width: 256 }],
    ['tile/0/000', { kind: 'tile', level: 0, index: 0, width: 256 }],
    ['tile/63/999.p/255', { kind: 'tile', level: 63, index: 999, width: 255 }],
    ['tile/1/x001/000.p/1', { kind: 'tile', level: 1, index: 1_000, width: 1 }],
    ['tile/entries/x123/456.p/7', { kind: 'entries', index: 123_456, width: 7 }],
    ['tile/entries/000', { kind: 'entries', index: 0, width: 256 }],
  ])('reads %s', (path, expected) => {
    expect(parseTilePath(path)).toEqual(expected);
  });

  it.each([
    '',
    'tile/0/',
    'tile/0/0',
    'tile/0/0000',
    'tile/0/x000/001',
    'tile/00/001',
    'tile/64/001',
    'tile/-1/001',
    'tile/0/001/002',
    'tile/0/x001',
    'tile/0/001.p/0',
    'tile/0/001.p/00',
    'tile/0/001.p/01',
    'tile/0/001.p/256',
    'tile/0/001.p/',
    'tile/0/001.p',
    '/tile/0/001',
    'tile/0/001\n',
    'tile/data/001',
    'tile/0/x009/x007/x199/x254/x740/x992',
    'tile/0/x009/x007/x199/x254/x740/992',
    `tile/0/${'x001/'.repeat(5_000)}001`,
  ])('does not read %j', (path) => {
    expect(() => parseTilePath(path)).toThrow(MalformedTilePathError);
  });

  it('is read as it was written', () => {
    const width = fc.integer({ min: 1, max: 256 });
    fc.assert(
      fc.property(fc.nat(63), fc.maxSafeNat(), width, (level, index, width) => {
        expect(parseTilePath(formatTilePath({ level, index, width }))).toEqual({
          kind: 'tile',
          level,
          index,
          width,
        });
        expect(parseTilePath(formatBundlePath({ index, width }))).toEqual({ kind: 'entries', index, width });
      }),
    );
  });

  it('is the only one that is read', () => {
    const piece = fc.constantFrom('tile', '/', 'x', '0', '00', '001', '.p', 'entries', '12', '256');
    fc.assert(
      fc.property(
        fc.array(piece).map((pieces) => `tile/${pieces.join('')}`),
        (path) => {
          try {
            const parsed = parseTilePath(path);
            expect(parsed.kind === 'tile' ? formatTilePath(parsed) : formatBundlePath(parsed)).toBe(path);
          } catch (error) {
            expect(error).toBeInstanceOf(MalformedTilePathError);
          }
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
