export { EMPTY_ROOT, HASH_BYTES, leafHash, nodeHash } from './hashing/tree-hashes.js';
export { CompactRange, type NodeListener } from './trees/compact-range.js';
export { type HashReader, readRoot } from './trees/hash-reader.js';
export { MerkleTree } from './trees/merkle-tree.js';
