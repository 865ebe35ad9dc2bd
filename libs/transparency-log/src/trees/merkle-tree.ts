import { CompactRange } from './compact-range.js';
import { edgeRoot } from './edge-root.js';
import type { HashReader } from './hash-reader.js';
import { assertRange, rangeNodes } from './range-nodes.js';

/** A tree in memory: 64 bytes or so a leaf. For small logs, and to check larger ones by. */
export class MerkleTree {
  /** Looks up in this tree, for the functions that make proofs. */
  readonly readHash: HashReader = (level, index) => this.hash(level, index);

  private readonly range = CompactRange.startingAt(0);
  private readonly levels: Buffer[][] = [];

  constructor(leafHashes: Iterable<Buffer> = []) {
    for (const hash of leafHashes) this.append(hash);
  }

  /** The number of leaves. */
  get size(): number {
    return this.range.end;
  }

  /**
   * @param leafHash 32 bytes; kept, so do not change them
   * @throws TypeError for a hash that is not 32 bytes long
   */
  append(leafHash: Buffer): void {
    this.range.append(leafHash, (level, _index, hash) => {
      (this.levels[level] ??= []).push(hash);
    });
  }

  /**
   * The root, or the one that the tree had at an earlier size.
   *
   * @throws RangeError for a size that it has not had
   */
  root(size = this.size): Buffer {
    assertRange(size, this.size);
    return edgeRoot(rangeNodes(0, size).map(({ level, index }) => this.hash(level, index)));
  }

  private hash(level: number, index: number): Buffer {
    const hash = this.levels[level]?.[index];
    if (hash === undefined)
      throw new RangeError(`A tree of ${this.size} has no node ${index} at level ${level}`);
    return hash;
  }
}
