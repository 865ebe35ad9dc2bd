import { createHash } from 'node:crypto';
import { leafHash } from '../src/hashing/tree-hashes.js';

/** Hashes of leaves that differ. */
export const leaves = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => leafHash(Buffer.from(`entry ${index}`)));

/** MTH of RFC 6962 §2.1, word for word. */
export function naiveRoot(hashes: readonly Buffer[]): Buffer {
  const [first] = hashes;
  if (first === undefined) return createHash('sha256').digest();
  if (hashes.length === 1) return first;
  let split = 1;
  while (2 * split < hashes.length) split *= 2;
  return createHash('sha256')
    .update(Buffer.of(1))
    .update(naiveRoot(hashes.slice(0, split)))
    .update(naiveRoot(hashes.slice(split)))
    .digest();
}
