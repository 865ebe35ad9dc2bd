import fc from 'fast-check';
import { leaves } from '../../test/naive-tree.js';
import { EMPTY_ROOT } from '../hashing/tree-hashes.js';
import { MerkleTree } from '../trees/merkle-tree.js';
import { consistencyProof, verifyConsistency } from './consistency-proof.js';
import { inclusionProof, verifyInclusion } from './inclusion-proof.js';
import { InvalidProofError } from './invalid-proof-error.js';

const hashes = leaves(300);
const tree = new MerkleTree(hashes);

const included = async (index: number, size: number) => ({
  inclusion: { index, size, leafHash: hashes[index] as Buffer, root: tree.root(size) },
  proof: await inclusionProof(index, size, tree.readHash),
});
const continued = async (from: number, to: number) => ({
  from: { size: from, root: tree.root(from) },
  to: { size: to, root: tree.root(to) },
  proof: await consistencyProof(from, to, tree.readHash),
});

const sizes = fc.integer({ min: 1, max: 300 });
const leafOfTree = sizes.chain((size) => fc.tuple(fc.nat(size - 1), fc.constant(size)));
const growth = sizes.chain((to) => fc.tuple(fc.integer({ min: 1, max: to }), fc.constant(to)));

/** A change of a list of hashes that leaves no proof of it. */
const damage = fc.record({
  kind: fc.constantFrom('flip', 'swap', 'drop', 'insert', 'short'),
  at: fc.nat(),
  bit: fc.nat(255),
});

function damaged(
  proof: readonly Buffer[],
  { kind, at, bit }: { kind: string; at: number; bit: number },
): Buffer[] {
  const changed: Buffer[] = proof.map((hash) => Buffer.from(hash));
  const place = proof.length === 0 ? 0 : at % proof.length;
  const hash = changed[place];
  if (hash === undefined || kind === 'insert') changed.splice(place, 0, hashes[at % 300] as Buffer);
  else if (kind === 'drop') changed.splice(place, 1);
  else if (kind === 'short') changed[place] = hash.subarray(1);
  else if (kind === 'swap' && changed.length > 1)
    changed.push(...changed.splice(place === changed.length - 1 ? 0 : place, 1));
  else hash[bit >> 3] = (hash[bit >> 3] as number) ^ (1 << (bit & 7));
  return changed;
}

describe('an inclusion proof', () => {
  it('shows each leaf of each tree', async () => {
    for (let size = 1; size <= 40; size += 1) {
      for (let index = 0; index < size; index += 1) {
        const { inclusion, proof } = await included(index, size);
        verifyInclusion(inclusion, proof);
      }
    }
  });

  it('is refused when it is changed in any way', async () => {
    await fc.assert(
      fc.asyncProperty(leafOfTree, damage, async ([index, size], change) => {
        const { inclusion, proof } = await included(index, size);
        verifyInclusion(inclusion, proof);
        expect(() => verifyInclusion(inclusion, damaged(proof, change))).toThrow(InvalidProofError);
      }),
      { numRuns: 150 },
    );
  });

  it('is refused for another leaf, place, root or tree', async () => {
    await fc.assert(
      fc.asyncProperty(leafOfTree, fc.nat(299), sizes, async ([index, size], other, otherSize) => {
        fc.pre(other !== index && otherSize !== size);
        const { inclusion, proof } = await included(index, size);
        const refused = [
          { ...inclusion, leafHash: hashes[other] as Buffer },
          { ...inclusion, index: other },
          { ...inclusion, root: EMPTY_ROOT },
          { ...inclusion, root: tree.root(otherSize), size: otherSize },
        ];
        for (const claim of refused) expect(() => verifyInclusion(claim, proof)).toThrow(InvalidProofError);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['a negative index', -1, 3],
    ['an index beyond the tree', 3, 3],
    ['the empty tree', 0, 0],
    ['a half', 0.5, 3],
    ['no number', NaN, 3],
    ['a size beyond 2^53', 0, 2 ** 53],
  ])('is not made, nor accepted, for %s', async (_what, index, size) => {
    await expect(inclusionProof(index, size, tree.readHash)).rejects.toThrow(RangeError);
    const claim = { index, size, leafHash: EMPTY_ROOT, root: EMPTY_ROOT };
    expect(() => verifyInclusion(claim, [])).toThrow(InvalidProofError);
  });

  it('is read from what the tree has, and fails as the reader fails', async () => {
    const away = () => Promise.reject(new Error('tiles away'));
    await expect(inclusionProof(0, 2, away)).rejects.toThrow('tiles away');
    await expect(inclusionProof(0, 301, tree.readHash)).rejects.toThrow(RangeError);
  });

  it('is checked at sizes that no 32 bits hold', () => {
    const size = 2 ** 53 - 1;
    const claim = { index: 2 ** 52 + 1, size, leafHash: EMPTY_ROOT, root: EMPTY_ROOT };
    const proof = Array.from({ length: 53 }, () => EMPTY_ROOT);
    expect(() => verifyInclusion(claim, proof)).toThrow('another root');
    expect(() => verifyInclusion(claim, proof.slice(1))).toThrow('too short');
    expect(() => verifyInclusion(claim, [...proof, EMPTY_ROOT])).toThrow('too long');
  });
});

describe('a consistency proof', () => {
  it('shows each growth of each tree', async () => {
    for (let to = 1; to <= 40; to += 1) {
      for (let from = 1; from <= to; from += 1) {
        const { from: before, to: after, proof } = await continued(from, to);
        verifyConsistency(before, after, proof);
      }
    }
  });

  it('is refused when it is changed in any way', async () => {
    await fc.assert(
      fc.asyncProperty(growth, damage, async ([from, to], change) => {
        const { from: before, to: after, proof } = await continued(from, to);
        verifyConsistency(before, after, proof);
        expect(() => verifyConsistency(before, after, damaged(proof, change))).toThrow(InvalidProofError);
      }),
      { numRuns: 150 },
    );
  });

  it('is refused for another root, another size, and the wrong way round', async () => {
    await fc.assert(
      fc.asyncProperty(growth, sizes, async ([from, to], other) => {
        fc.pre(from < to && other !== from && other !== to);
        const { from: before, to: after, proof } = await continued(from, to);
        const refused = [
          [{ ...before, root: EMPTY_ROOT }, after],
          [before, { ...after, root: EMPTY_ROOT }],
          [{ size: other, root: tree.root(other) }, after],
          [before, { size: other, root: tree.root(other) }],
          [after, before],
        ] as const;
        for (const [one, two] of refused)
          expect(() => verifyConsistency(one, two, proof)).toThrow(InvalidProofError);
      }),
      { numRuns: 150 },
    );
  });

  it('has nothing to show between equal sizes', async () => {
    const head = { size: 7, root: tree.root(7) };
    expect(await consistencyProof(7, 7, tree.readHash)).toEqual([]);
    verifyConsistency(head, head, []);
    expect(() => verifyConsistency(head, { size: 7, root: tree.root(8) }, [])).toThrow('two roots');
  });

  it('shows nothing from the empty tree, whose root is that of nothing', async () => {
    const empty = { size: 0, root: EMPTY_ROOT };
    expect(await consistencyProof(0, 7, tree.readHash)).toEqual([]);
    verifyConsistency(empty, empty, []);
    expect(() => verifyConsistency(empty, { size: 7, root: tree.root(7) }, [])).toThrow(InvalidProofError);
    const garbage = { size: 0, root: tree.root(7) };
    expect(() => verifyConsistency(garbage, garbage, [])).toThrow('root of nothing');
  });

  it.each([
    [3, 2],
    [-1, 2],
    [0.5, 2],
    [1, 2 ** 53],
  ])('is not made, nor accepted, from %d to %d', async (from, to) => {
    await expect(consistencyProof(from, to, tree.readHash)).rejects.toThrow(RangeError);
    const heads = [from, to].map((size) => ({ size, root: EMPTY_ROOT })) as [never, never];
    expect(() => verifyConsistency(...heads, [])).toThrow(InvalidProofError);
  });
});
