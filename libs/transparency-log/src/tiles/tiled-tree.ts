import { HASH_BYTES } from '../hashing/tree-hashes.js';
import { CompactRange } from '../trees/compact-range.js';
import { TILE_HEIGHT, TILE_WIDTH, type TileCoordinates, tileWidth } from './tile-coordinates.js';

/** A tile with its hashes. */
export interface Tile extends TileCoordinates {
  /** 32 bytes for each hash. */
  readonly bytes: Buffer;
}

/**
 * What a log keeps of its tree to append to it: the open tiles, those at the right edge that are not full. Whatever is
 * full is handed out once, to be stored for good.
 *
 * Nothing is hashed twice: the tiles are filled with the nodes that the tree makes as it grows.
 */
export class TiledTree {
  private constructor(
    private readonly range: CompactRange,
    /** By level, the hashes of the open tile. */
    private readonly open: Buffer[][],
  ) {}

  /** A tree without leaves. */
  static empty(): TiledTree {
    return new TiledTree(CompactRange.startingAt(0), []);
  }

  /**
   * The tree that `serialize` has written.
   *
   * @param size the number of its leaves
   * @param bytes its open tiles, that of level 0 first
   * @throws RangeError when these are not as long as those of a tree of this size
   */
  static restore(size: number, bytes: Uint8Array): TiledTree {
    const range = CompactRange.startingAt(0);
    const widths = openWidths(size);
    const expected = widths.reduce((sum, width) => sum + width, 0) * HASH_BYTES;
    if (bytes.length !== expected) {
      throw new RangeError(`The open tiles of ${size} leaves have ${expected} bytes, not ${bytes.length}`);
    }
    const kept = Buffer.from(bytes);
    let at = 0;
    const open = widths.map((width) =>
      Array.from({ length: width }, () => kept.subarray(at, (at += HASH_BYTES))),
    );
    for (const [level, hashes] of [...open.entries()].reverse()) {
      for (const hash of hashes) range.appendNode(level * TILE_HEIGHT, hash);
    }
    return new TiledTree(range, open);
  }

  /** The number of leaves. */
  get size(): number {
    return this.range.end;
  }

  /** The root of the tree (RFC 6962 §2.1), 32 bytes. */
  root(): Buffer {
    return this.range.root();
  }

  /**
   * Appends leaves.
   *
   * @param leafHashes 32 bytes each; kept, so do not change them
   * @returns the tiles that became full, each after those below it
   * @throws TypeError for a hash that is not 32 bytes long; those before it are appended
   */
  append(leafHashes: Iterable<Buffer>): Tile[] {
    const full: Tile[] = [];
    for (const leafHash of leafHashes) {
      this.range.append(leafHash, (level, index, hash) => {
        if (level % TILE_HEIGHT === 0) this.put(level / TILE_HEIGHT, index, hash, full);
      });
    }
    return full;
  }

  /** The tiles that are not full; no more than one a level. */
  openTiles(): Tile[] {
    return this.open.flatMap((hashes, level) => {
      const index = Math.floor(this.size / TILE_WIDTH ** (level + 1));
      return hashes.length === 0
        ? []
        : [{ level, index, width: hashes.length, bytes: Buffer.concat(hashes) }];
    });
  }

  /** The open tiles, that of level 0 first: at most 8,160 bytes a level. With the size they restore the tree. */
  serialize(): Buffer {
    return Buffer.concat(this.open.flat());
  }

  private put(level: number, index: number, hash: Buffer, full: Tile[]): void {
    const hashes = (this.open[level] ??= []);
    hashes.push(hash);
    if (hashes.length < TILE_WIDTH) return;
    full.push({
      level,
      index: Math.floor(index / TILE_WIDTH),
      width: TILE_WIDTH,
      bytes: Buffer.concat(hashes),
    });
    this.open[level] = [];
  }
}

/** By level, how many hashes the open tile of a tree has. */
function openWidths(size: number): number[] {
  const widths: number[] = [];
  for (let level = 0; TILE_WIDTH ** level <= size; level += 1) {
    widths.push(tileWidth(level, Math.floor(size / TILE_WIDTH ** (level + 1)), size));
  }
  return widths;
}
