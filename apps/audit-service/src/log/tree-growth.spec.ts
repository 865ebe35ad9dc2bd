import { leafHash, MerkleTree, TiledTree } from '@gatehouse/transparency-log';
import { growTree, rootOf, type TilePart, type TreeHead } from './tree-growth.js';

const hashes = Array.from({ length: 66_000 }, (_, index) => leafHash(Buffer.from(String(index))));

describe('growTree', () => {
  it('makes the same tree in batches of any size, and each hash of its tiles once', () => {
    const tiled = TiledTree.empty();
    const full = tiled.append(hashes);
    for (const batch of [1, 255, 256, 257, 2_000, hashes.length]) {
      let head: TreeHead = { size: 0, edge: Buffer.alloc(0) };
      const parts: TilePart[] = [];
      const until = batch === 1 ? 600 : hashes.length;
      for (let from = 0; from < until; from += batch) {
        const growth = growTree(head, hashes.slice(from, from + batch));
        parts.push(...growth.parts);
        head = growth;
      }
      const reference = new MerkleTree(hashes.slice(0, until));
      expect(head.size).toBe(until);
      expect(rootOf(head).equals(reference.root())).toBe(true);
      const tiles = new Map<string, Buffer>();
      for (const { level, index, first, hashes: added } of parts) {
        const before = tiles.get(`${level}/${index}`) ?? Buffer.alloc(0);
        // A part begins where the one before ended.
        expect(before.length / 32).toBe(first);
        tiles.set(`${level}/${index}`, Buffer.concat([before, added]));
      }
      if (until < hashes.length) continue;
      const expected = [...full, ...tiled.openTiles()];
      expect(tiles.size).toBe(expected.length);
      for (const { level, index, bytes } of expected) {
        expect(tiles.get(`${level}/${index}`)?.equals(bytes)).toBe(true);
      }
    }
  });

  it('refuses an edge of another tree', () => {
    expect(() => growTree({ size: 3, edge: Buffer.alloc(32) }, hashes.slice(0, 1))).toThrow(RangeError);
    expect(() => rootOf({ size: 1, edge: Buffer.alloc(64) })).toThrow(RangeError);
  });
});
