import { type ConsistencyProof, verifyConsistency } from '../proofs/consistency-proof.js';
import { InvalidProofError } from '../proofs/invalid-proof-error.js';
import type { Checkpoint } from './checkpoint.js';

/**
 * Checks that a log goes on from a checkpoint to another one: the same log, not smaller, and nothing of it changed. A
 * signer holds to it before it signs, a reader before it takes the place of the checkpoint that he has.
 *
 * @param proof between the two sizes; empty for equal ones, and from an empty log
 * @throws InvalidProofError
 */
export function verifyGrowth(from: Checkpoint, to: Checkpoint, proof: ConsistencyProof): void {
  if (from.origin !== to.origin)
    throw new InvalidProofError(`${to.origin} does not go on from ${from.origin}`);
  if (from.size > 0 || to.size === 0) return verifyConsistency(from, to, proof);
  // Anything goes on from an empty tree, if it is one, without a proof.
  verifyConsistency(from, from, proof);
}
