import { EMPTY_ROOT, nodeHash } from '../hashing/tree-hashes.js';

/** The root above an edge: the hashes of the fewest complete subtrees, from left to right (RFC 6962 §2.1). */
export function edgeRoot(edge: readonly Buffer[]): Buffer {
  return edge.length === 0 ? EMPTY_ROOT : edge.reduceRight((right, left) => nodeHash(left, right));
}
