import { HASH_BYTES, nodeHash } from '../hashing/tree-hashes.js';
import { edgeRoot } from './edge-root.js';
import { assertRange, rangeNodes } from './range-nodes.js';

/** Is told of a complete subtree, by its level (0: a leaf), its index in the level and its hash. */
export type NodeListener = (level: number, index: number, hash: Buffer) => void;

/**
 * A run of leaves, known by the hashes of the fewest complete subtrees that cover it: what it takes to append to a tree
 * and to know its root, at most 53 hashes for one that begins at leaf 0. The hashes are the "edge" of the tree.
 *
 * Ranges that adjoin can be hashed apart, in any order, and merged.
 */
export class CompactRange {
  private constructor(
    /** The first leaf. */
    readonly begin: number,
    private next: number,
    private readonly hashes: Buffer[],
  ) {}

  /**
   * A range without leaves.
   *
   * @param begin where it is in the tree
   * @throws RangeError
   */
  static startingAt(begin = 0): CompactRange {
    assertRange(begin, begin);
    return new CompactRange(begin, begin, []);
  }

  /**
   * The range that `serialize` has written.
   *
   * @param edge 32 bytes for each subtree, from left to right
   * @throws RangeError when the edge is not as long as that of such a range
   */
  static restore(begin: number, end: number, edge: Uint8Array): CompactRange {
    const count = rangeNodes(begin, end).length;
    if (edge.length !== count * HASH_BYTES) {
      throw new RangeError(
        `The edge from ${begin} up to ${end} has ${count * HASH_BYTES} bytes, not ${edge.length}`,
      );
    }
    const bytes = Buffer.from(edge);
    const hashes = Array.from({ length: count }, (_, at) =>
      bytes.subarray(at * HASH_BYTES, (at + 1) * HASH_BYTES),
    );
    return new CompactRange(begin, end, hashes);
  }

  /** The index after the last leaf: the size of the tree, for a range that begins at 0. */
  get end(): number {
    return this.next;
  }

  /**
   * Appends a leaf.
   *
   * @param leafHash 32 bytes; kept, so do not change them
   * @param onNode is told of the leaf and of each subtree that it completes, from the leaves up
   * @throws TypeError for a hash that is not 32 bytes long
   */
  append(leafHash: Buffer, onNode?: NodeListener): void {
    this.push(0, leafHash, onNode);
  }

  /**
   * Appends a complete subtree, whose leaves follow on.
   *
   * @throws RangeError when no subtree of that level begins where the range ends
   * @throws TypeError for a hash that is not 32 bytes long
   */
  appendNode(level: number, hash: Buffer, onNode?: NodeListener): void {
    const width = 2 ** level;
    if (this.next % width !== 0) throw new RangeError(`No subtree of level ${level} begins at ${this.next}`);
    assertRange(this.next, this.next + width);
    this.push(level, hash, onNode);
  }

  /**
   * Appends the leaves of another range.
   *
   * @throws RangeError when it does not begin where this one ends
   */
  merge(other: CompactRange, onNode?: NodeListener): void {
    if (other.begin !== this.next)
      throw new RangeError(`A range from ${other.begin} does not follow ${this.next}`);
    const positions = rangeNodes(other.begin, other.end);
    other.hashes.forEach((hash, at) => this.push(positions[at]?.level ?? 0, hash, onNode));
  }

  /**
   * The root of the tree that has these leaves (RFC 6962 §2.1).
   *
   * @throws RangeError for a range that does not begin at 0
   */
  root(): Buffer {
    if (this.begin !== 0) throw new RangeError(`The leaves before ${this.begin} are not known`);
    return edgeRoot(this.hashes);
  }

  /** The edge: 32 bytes for each subtree, from left to right. With `begin` and `end` it restores the range. */
  serialize(): Buffer {
    return Buffer.concat(this.hashes);
  }

  private push(level: number, hash: Buffer, onNode?: NodeListener): void {
    if (hash.length !== HASH_BYTES) throw new TypeError(`A hash has ${HASH_BYTES} bytes, not ${hash.length}`);
    let width = 2 ** level;
    let index = this.next / width;
    let node = hash;
    this.next += width;
    onNode?.(level, index, node);
    // A subtree on the right meets its sibling, unless that reaches back before the range.
    while (index % 2 === 1 && (index - 1) * width >= this.begin) {
      node = nodeHash(this.hashes.pop() as Buffer, node);
      level += 1;
      width *= 2;
      index = (index - 1) / 2;
      onNode?.(level, index, node);
    }
    this.hashes.push(node);
  }
}
