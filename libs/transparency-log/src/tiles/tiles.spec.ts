import fc from 'fast-check';
import { leaves, naiveRoot } from '../../test/naive-tree.js';
import { consistencyProof } from '../proofs/consistency-proof.js';
import { inclusionProof } from '../proofs/inclusion-proof.js';
import { MerkleTree } from '../trees/merkle-tree.js';
import { newTiles, type TileCoordinates } from './tile-coordinates.js';
import { formatTilePath } from './tile-path.js';
import { MalformedTileError, tileHashReader } from './tile-reader.js';
import { TiledTree } from './tiled-tree.js';

const SIZE = 66_000;
const hashes = leaves(SIZE);
const tree = new MerkleTree(hashes);

/** The bytes of a tile by definition: MTH(D[(n * 256 + i) * 256**l : (n * 256 + i + 1) * 256**l]) for each i. */
const definedTile = ({ level, index, width }: TileCoordinates) =>
  Buffer.concat(
    Array.from({ length: width }, (_, at) => tree.readHash(8 * level, index * 256 + at) as Buffer),
  );

const grow = (size: number) => {
  const tiled = TiledTree.empty();
  const full = tiled.append(hashes.slice(0, size));
  return { tiled, full };
};

describe('the tiles of a tree', () => {
  it('are those of the example in tlog-tiles', () => {
    const tiles = newTiles(0, 70_000);
    const count = (level: number, full: boolean) =>
      tiles.filter((tile) => tile.level === level && (tile.width === 256) === full).map(({ width }) => width);
    expect([count(0, true).length, count(0, false), count(1, true), count(1, false)]).toEqual([
      273,
      [112],
      [256],
      [17],
    ]);
    expect([count(2, true), count(2, false), count(3, true).length]).toEqual([[], [1], 0]);
    expect(newTiles(0, 256).map(formatTilePath)).toEqual(['tile/0/000', 'tile/1/000.p/1']);
  });

  it('that are new after a growth are those that were not there before', () => {
    const all = (size: number) => new Set(newTiles(0, size).map(formatTilePath));
    fc.assert(
      fc.property(fc.nat(SIZE), fc.nat(2_000), (from, more) => {
        const before = all(from);
        const after = [...all(from + more)].filter((path) => !before.has(path));
        expect(newTiles(from, from + more).map(formatTilePath)).toEqual(after);
      }),
      { numRuns: 10 },
    );
    expect(() => newTiles(2, 1)).toThrow(RangeError);
  });
});

describe('a tree that is kept as its open tiles', () => {
  it('hands out each full tile once and keeps the others, whatever the batches', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(700), { maxLength: 8 }), (batches) => {
        let tiled = TiledTree.empty();
        const full = batches.flatMap((count) => {
          const tiles = tiled.append(hashes.slice(tiled.size, tiled.size + count));
          tiled = TiledTree.restore(tiled.size, tiled.serialize());
          return tiles;
        });
        const made = [...full, ...tiled.openTiles()];
        expect(made.map(formatTilePath).sort()).toEqual(newTiles(0, tiled.size).map(formatTilePath).sort());
        expect(made.filter((tile) => !tile.bytes.equals(definedTile(tile)))).toEqual([]);
        expect(tiled.root()).toEqual(tree.root(tiled.size));
      }),
      { numRuns: 15 },
    );
  });

  it('goes on above 65,536 leaves', () => {
    const { tiled, full } = grow(SIZE);
    const [above, ...more] = full.filter(({ level }) => level === 1);
    expect(above?.bytes.equals(definedTile({ level: 1, index: 0, width: 256 }))).toBe(true);
    expect(more).toEqual([]);
    expect(tiled.openTiles().map(formatTilePath)).toEqual([
      'tile/0/257.p/208',
      'tile/1/001.p/1',
      'tile/2/000.p/1',
    ]);
    expect(tiled.root()).toEqual(naiveRoot(hashes));
    expect(TiledTree.restore(SIZE, tiled.serialize()).root()).toEqual(tiled.root());
  });

  it('is restored from nothing else', () => {
    expect(() => TiledTree.restore(3, Buffer.alloc(64))).toThrow(RangeError);
    expect(() => TiledTree.restore(256, Buffer.alloc(0))).toThrow(RangeError);
    expect(TiledTree.restore(0, Buffer.alloc(0)).size).toBe(0);
  });
});

describe('a reader of tiles', () => {
  it('finds each node that the tree has', async () => {
    const readHash = tileHashReader(600, definedTile);
    for (let level = 0; 2 ** level <= 600; level += 1) {
      for (let index = 0; (index + 1) * 2 ** level <= 600; index += 1) {
        expect(await readHash(level, index)).toEqual(tree.readHash(level, index));
      }
      await expect(readHash(level, Math.floor(600 / 2 ** level))).rejects.toThrow(RangeError);
    }
  });

  it('makes the proofs that the tree in memory makes, and fetches a tile once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(SIZE - 1), fc.nat(SIZE - 1), async (one, two) => {
        const [index, size] = [Math.min(one, two), Math.max(one, two) + 1];
        const asked: string[] = [];
        const readHash = tileHashReader(size, (tile) => {
          asked.push(formatTilePath(tile));
          return definedTile(tile);
        });
        expect(await inclusionProof(index, size, readHash)).toEqual(
          await inclusionProof(index, size, tree.readHash),
        );
        expect(await consistencyProof(index, size, readHash)).toEqual(
          await consistencyProof(index, size, tree.readHash),
        );
        const there = new Set(newTiles(0, size).map(formatTilePath));
        expect(asked.filter((path) => !there.has(path))).toEqual([]);
        expect(new Set(asked).size).toBe(asked.length);
      }),
      { numRuns: 25 },
    );
  });

  it('refuses a tile of another width, and passes on what goes wrong', async () => {
    const short = tileHashReader(300, (tile) => definedTile(tile).subarray(1));
    await expect(short(0, 299)).rejects.toThrow(MalformedTileError);
    const away = tileHashReader(300, () => Promise.reject(new Error('away')));
    await expect(away(8, 0)).rejects.toThrow('away');
  });
});
