import { HASH_BYTES } from '../hashing/tree-hashes.js';
import { InvalidProofError } from './invalid-proof-error.js';

/** @throws InvalidProofError unless each of them, called `what`, has the length of a hash */
export function assertHashes(what: string, hashes: readonly Uint8Array[]): void {
  const wrong = hashes.find((hash) => hash.length !== HASH_BYTES);
  if (wrong !== undefined)
    throw new InvalidProofError(`${what} has ${wrong.length} bytes, not ${HASH_BYTES}`);
}

/** @throws InvalidProofError unless the numbers, called `what`, are integers from 0 up to 2^53 - 1 */
export function assertCounts(what: string, counts: readonly number[]): void {
  if (!counts.every((count) => Number.isSafeInteger(count) && count >= 0)) {
    throw new InvalidProofError(`${what} is not a number of leaves: ${counts.join(', ')}`);
  }
}

export const sameHash = (a: Uint8Array, b: Uint8Array): boolean => Buffer.compare(a, b) === 0;
