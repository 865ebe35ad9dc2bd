import fc from 'fast-check';
import { leaves, naiveRoot } from '../../test/naive-tree.js';
import { EMPTY_ROOT, leafHash } from '../hashing/tree-hashes.js';
import { CompactRange } from './compact-range.js';

const hashes = leaves(300);
const range = (begin: number, end: number) => {
  const built = CompactRange.startingAt(begin);
  for (const hash of hashes.slice(begin, end)) built.append(hash);
  return built;
};
const bounds = (...below: number[]) =>
  fc.tuple(...below.map((max) => fc.nat(max))).map((all) => all.sort((a, b) => a - b));

describe('a compact range', () => {
  // transparency-dev/merkle, testonly/constants.go.
  it('has the known roots', () => {
    const tree = CompactRange.startingAt();
    const roots = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657'].map((entry) => {
      tree.append(leafHash(Buffer.from(entry, 'hex')));
      return tree.root().toString('hex');
    });
    expect(roots).toEqual([
      '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
      'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
      'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
      '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
      'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    ]);
  });

  it('has the root that the tree has by definition, at every size', () => {
    const tree = CompactRange.startingAt();
    expect(tree.root()).toEqual(EMPTY_ROOT);
    hashes.forEach((hash, index) => {
      tree.append(hash);
      expect(tree.root()).toEqual(naiveRoot(hashes.slice(0, index + 1)));
    });
  });

  it('is the same merged from parts as built at once', () => {
    fc.assert(
      fc.property(bounds(300, 300, 300), ([begin = 0, middle = 0, end = 0]) => {
        const merged = range(begin, middle);
        merged.merge(range(middle, end));
        expect(merged.serialize()).toEqual(range(begin, end).serialize());
        expect([merged.begin, merged.end]).toEqual([begin, end]);
      }),
    );
  });

  it('goes on after it was stored and restored', () => {
    fc.assert(
      fc.property(bounds(300, 300, 300), ([begin = 0, middle = 0, end = 0]) => {
        const restored = CompactRange.restore(begin, middle, range(begin, middle).serialize());
        for (const hash of hashes.slice(middle, end)) restored.append(hash);
        expect(restored.serialize()).toEqual(range(begin, end).serialize());
      }),
    );
  });

  it('keeps what it restored from when the bytes change', () => {
    const edge = range(0, 7).serialize();
    const restored = CompactRange.restore(0, 7, edge);
    edge.fill(0);
    expect(restored.root()).toEqual(naiveRoot(hashes.slice(0, 7)));
  });

  it('tells each node of the tree once, with its place', () => {
    const told = new Map<string, Buffer>();
    const tree = CompactRange.startingAt();
    for (const hash of hashes.slice(0, 100)) {
      tree.append(hash, (level, index, node) => {
        expect(told.has(`${level}/${index}`)).toBe(false);
        told.set(`${level}/${index}`, node);
      });
    }
    for (const [place, node] of told) {
      const [level = 0, index = 0] = place.split('/').map(Number);
      expect(node).toEqual(naiveRoot(hashes.slice(index * 2 ** level, (index + 1) * 2 ** level)));
    }
    expect(told.size).toBe(100 + 50 + 25 + 12 + 6 + 3 + 1);
  });

  it('takes whole subtrees', () => {
    const tree = range(0, 8);
    tree.appendNode(3, naiveRoot(hashes.slice(8, 16)));
    tree.appendNode(0, hashes[16] as Buffer);
    expect(tree.serialize()).toEqual(range(0, 17).serialize());
    expect(() => tree.appendNode(1, EMPTY_ROOT)).toThrow(RangeError);
  });

  it('counts beyond 32 bits', () => {
    const size = 2 ** 40;
    const tree = CompactRange.restore(0, size - 1, Buffer.alloc(40 * 32));
    tree.append(EMPTY_ROOT);
    expect([tree.end, tree.serialize().length]).toEqual([size, 32]);
  });

  it.each([
    ['an edge that is too short', () => CompactRange.restore(0, 3, Buffer.alloc(63))],
    ['an edge of another size', () => CompactRange.restore(0, 4, range(0, 3).serialize())],
    ['a range that ends before it begins', () => CompactRange.restore(4, 3, Buffer.alloc(0))],
    ['a size that is none', () => CompactRange.startingAt(0.5)],
    ['a size beyond 2^53', () => CompactRange.startingAt(2 ** 53)],
    ['a range that does not follow', () => range(0, 4).merge(range(5, 6))],
    ['the root of a part', () => range(1, 4).root()],
  ])('refuses %s', (_what, act) => {
    expect(act).toThrow(RangeError);
  });

  it('refuses what is no hash, and stays as it was', () => {
    const tree = range(0, 3);
    expect(() => tree.append(Buffer.alloc(31))).toThrow(TypeError);
    expect([tree.end, tree.root()]).toEqual([3, naiveRoot(hashes.slice(0, 3))]);
  });
});
