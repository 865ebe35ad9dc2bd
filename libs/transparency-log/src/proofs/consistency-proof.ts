import { EMPTY_ROOT, nodeHash } from '../hashing/tree-hashes.js';
import { type HashReader, readRoot } from '../trees/hash-reader.js';
import { assertRange } from '../trees/range-nodes.js';
import { assertCounts, assertHashes, sameHash } from './checked-hashes.js';
import { InvalidProofError } from './invalid-proof-error.js';
import { type LeafRange, splitPoint } from './leaf-range.js';

/** That a tree goes on from a smaller one, whose leaves are its first (RFC 6962 §2.1.2). */
export type ConsistencyProof = readonly Buffer[];

/** A tree, told in short. */
export interface TreeHead {
  /** The number of leaves. */
  readonly size: number;
  /** 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Proves that the tree of a size goes on from the one of a smaller size (PROOF of RFC 6962 §2.1.2). Between equal sizes,
 * and from the empty tree, the proof is empty.
 *
 * @param readHash may know more leaves than those of the size
 * @throws RangeError unless `0 <= from <= to`
 * @throws what the reader throws
 */
export async function consistencyProof(
  from: number,
  to: number,
  readHash: HashReader,
): Promise<ConsistencyProof> {
  assertRange(from, to);
  if (from === 0 || from === to) return [];
  return Promise.all(rangesBetween(from, to).map(([begin, end]) => readRoot(begin, end, readHash)));
}

/**
 * Checks that a tree goes on from another, which is not empty (RFC 9162 §2.1.4.2). Equal sizes need equal roots and an
 * empty proof, and two empty trees have the root of nothing. A proof that is longer or shorter than the one there is
 * for these sizes is refused.
 *
 * @throws InvalidProofError also when only the first tree is empty: anything goes on from nothing, so that there is
 *   nothing to prove
 */
export function verifyConsistency(from: TreeHead, to: TreeHead, proof: ConsistencyProof): void {
  assertCounts('A size', [from.size, to.size]);
  if (from.size > to.size)
    throw new InvalidProofError(`A tree of ${to.size} does not go on from ${from.size}`);
  if (from.size === to.size) return verifySame(from, to, proof);
  if (from.size === 0) throw new InvalidProofError('Nothing can be proven from an empty tree');
  assertHashes('A root', [from.root, to.root]);
  assertHashes('A hash of the proof', proof);
  const [before, after] = rootsAbove(from, to.size, proof);
  if (!sameHash(before, from.root))
    throw new InvalidProofError('The proof leads to another root of the first tree');
  if (!sameHash(after, to.root))
    throw new InvalidProofError('The proof leads to another root of the second tree');
}

function verifySame(from: TreeHead, to: TreeHead, proof: ConsistencyProof): void {
  if (proof.length > 0) throw new InvalidProofError('The proof is too long');
  if (!sameHash(from.root, to.root)) throw new InvalidProofError('Trees of one size have two roots');
  if (from.size === 0 && !sameHash(from.root, EMPTY_ROOT)) {
    throw new InvalidProofError('An empty tree has the root of nothing');
  }
}

function rangesBetween(from: number, to: number): LeafRange[] {
  const ranges: LeafRange[] = [];
  let begin = 0;
  let end = to;
  while (from !== end) {
    const middle = splitPoint(begin, end);
    if (from <= middle) {
      ranges.push([middle, end]);
      end = middle;
    } else {
      ranges.push([begin, middle]);
      begin = middle;
    }
  }
  // The verifier knows the first tree as a whole.
  if (begin !== 0) ranges.push([begin, end]);
  return ranges.reverse();
}

function rootsAbove(from: TreeHead, size: number, proof: ConsistencyProof): [Uint8Array, Uint8Array] {
  let at = from.size - 1;
  let last = size - 1;
  const up = () => {
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  };
  while (at % 2 === 1) up();
  // A first tree that is one complete subtree of the second is where the proof begins, and is not in it.
  const [start, ...rest] = at === 0 ? [from.root, ...proof] : proof;
  if (start === undefined) throw new InvalidProofError('The proof is too short');
  let [before, after] = [start, start];
  for (const hash of rest) {
    if (last === 0) throw new InvalidProofError('The proof is too long');
    if (at % 2 === 1 || at === last) {
      before = nodeHash(hash, before);
      after = nodeHash(hash, after);
      while (at % 2 === 0 && at !== 0) up();
    } else {
      after = nodeHash(after, hash);
    }
    up();
  }
  if (last !== 0) throw new InvalidProofError('The proof is too short');
  return [before, after];
}
