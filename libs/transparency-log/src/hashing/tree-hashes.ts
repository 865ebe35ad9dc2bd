import { hash } from 'node:crypto';

/** Bytes of a SHA-256 hash. */
export const HASH_BYTES = 32;

/** The root of the tree without leaves: the hash of nothing (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = hash('sha256', Buffer.alloc(0), 'buffer');

/** What is hashed is laid out in place: one call into OpenSSL for each hash, and nothing to collect. */
const node = Buffer.of(1, ...Buffer.alloc(2 * HASH_BYTES));
const shortLeaf = Buffer.alloc(1 + 65_535);

/**
 * The hash of an entry as a leaf of the tree: SHA-256 of 0x00 and its bytes (RFC 6962 §2.1).
 *
 * @returns 32 bytes
 */
export function leafHash(entry: Uint8Array): Buffer {
  const leaf = entry.length < shortLeaf.length ? shortLeaf : Buffer.alloc(1 + entry.length);
  leaf.set(entry, 1);
  return hash('sha256', leaf.subarray(0, 1 + entry.length), 'buffer');
}

/**
 * The hash of an inner node: SHA-256 of 0x01 and the hashes of its children (RFC 6962 §2.1).
 *
 * @returns 32 bytes
 * @throws TypeError for a child that is not 32 bytes long
 */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  if (left.length !== HASH_BYTES || right.length !== HASH_BYTES) {
    throw new TypeError(`A node has children of ${HASH_BYTES} bytes, not ${left.length} and ${right.length}`);
  }
  node.set(left, 1);
  node.set(right, 1 + HASH_BYTES);
  return hash('sha256', node, 'buffer');
}
