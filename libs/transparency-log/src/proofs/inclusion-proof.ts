import { nodeHash } from '../hashing/tree-hashes.js';
import { type HashReader, readRoot } from '../trees/hash-reader.js';
import { assertRange } from '../trees/range-nodes.js';
import { assertCounts, assertHashes, sameHash } from './checked-hashes.js';
import { InvalidProofError } from './invalid-proof-error.js';
import { type LeafRange, splitPoint } from './leaf-range.js';

/** That a leaf is in a tree: the hashes from its sibling up to a child of the root (RFC 6962 §2.1.1). */
export type InclusionProof = readonly Buffer[];

/** A leaf and the tree that it is to be in. */
export interface Inclusion {
  /** From 0. */
  readonly index: number;
  /** The number of leaves of the tree. */
  readonly size: number;
  /** 32 bytes. */
  readonly leafHash: Uint8Array;
  /** The root of the tree, 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Proves that the tree of a size holds the leaf at an index (PATH of RFC 6962 §2.1.1).
 *
 * @param readHash may know more leaves than those of the size
 * @throws RangeError when the tree has no such leaf
 * @throws what the reader throws
 */
export async function inclusionProof(
  index: number,
  size: number,
  readHash: HashReader,
): Promise<InclusionProof> {
  if (!Number.isSafeInteger(index) || index >= size)
    throw new RangeError(`A tree of ${size} has no leaf ${index}`);
  assertRange(index, size);
  const siblings = siblingsOf(index, size);
  return Promise.all(siblings.map(([begin, end]) => readRoot(begin, end, readHash)));
}

/**
 * Checks that a tree holds a leaf at an index (RFC 9162 §2.1.3.2). A proof that is longer or shorter than the one there
 * is for this index and size is refused.
 *
 * @throws InvalidProofError
 */
export function verifyInclusion({ index, size, leafHash, root }: Inclusion, proof: InclusionProof): void {
  assertCounts('The index or the size', [index, size]);
  if (index >= size) throw new InvalidProofError(`A tree of ${size} has no leaf ${index}`);
  assertHashes('The hash of the leaf', [leafHash]);
  assertHashes('The root', [root]);
  assertHashes('A hash of the proof', proof);
  if (!sameHash(rootAbove(index, size, leafHash, proof), root)) {
    throw new InvalidProofError('The proof leads to another root');
  }
}

function siblingsOf(index: number, size: number): LeafRange[] {
  const siblings: LeafRange[] = [];
  for (let begin = 0, end = size; end - begin > 1;) {
    const middle = splitPoint(begin, end);
    if (index < middle) {
      siblings.push([middle, end]);
      end = middle;
    } else {
      siblings.push([begin, middle]);
      begin = middle;
    }
  }
  return siblings.reverse();
}

function rootAbove(index: number, size: number, leafHash: Uint8Array, proof: InclusionProof): Uint8Array {
  let node = leafHash;
  let at = index;
  let last = size - 1;
  for (const sibling of proof) {
    if (last === 0) throw new InvalidProofError('The proof is too long');
    if (at % 2 === 1 || at === last) {
      node = nodeHash(sibling, node);
      // The last node of a level that has no sibling stands for itself in the next one.
      while (at % 2 === 0 && at !== 0) {
        at /= 2;
        last = Math.floor(last / 2);
      }
    } else {
      node = nodeHash(node, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  if (last !== 0) throw new InvalidProofError('The proof is too short');
  return node;
}
