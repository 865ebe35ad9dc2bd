import { edgeRoot } from './edge-root.js';
import { rangeNodes } from './range-nodes.js';

/**
 * Looks up the hash of a complete subtree.
 *
 * @param level 0 is the level of the leaves
 * @param index from the left, from 0
 * @returns 32 bytes
 */
export type HashReader = (level: number, index: number) => Buffer | Promise<Buffer>;

/**
 * The root of the leaves from `begin` up to `end`, for a range that a tree is split into (MTH of RFC 6962 §2.1). From 0
 * it is the root that the tree had at the size `end`.
 *
 * @throws RangeError when there is no such range
 * @throws what the reader throws
 */
export async function readRoot(begin: number, end: number, readHash: HashReader): Promise<Buffer> {
  const nodes = rangeNodes(begin, end).map(async ({ level, index }) => readHash(level, index));
  return edgeRoot(await Promise.all(nodes));
}
