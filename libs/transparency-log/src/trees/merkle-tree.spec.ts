import { leaves, naiveRoot } from '../../test/naive-tree.js';
import { readRoot } from './hash-reader.js';
import { MerkleTree } from './merkle-tree.js';

const hashes = leaves(70);

describe('a tree in memory', () => {
  const tree = new MerkleTree(hashes);

  it('has each root that it has had', async () => {
    for (let size = 0; size <= hashes.length; size += 1) {
      expect(tree.root(size)).toEqual(naiveRoot(hashes.slice(0, size)));
      expect(await readRoot(0, size, tree.readHash)).toEqual(tree.root(size));
    }
    expect([tree.size, tree.root()]).toEqual([70, naiveRoot(hashes)]);
  });

  it('has no node that is not complete, and no root of the future', async () => {
    expect(tree.readHash(1, 34)).toEqual(naiveRoot(hashes.slice(68, 70)));
    expect(() => tree.readHash(2, 17)).toThrow(RangeError);
    expect(() => tree.root(71)).toThrow(RangeError);
    await expect(readRoot(0, 71, tree.readHash)).rejects.toThrow(RangeError);
  });
});
