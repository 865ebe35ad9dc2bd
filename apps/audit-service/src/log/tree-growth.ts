import { CompactRange, TILE_HEIGHT, TILE_WIDTH } from '@gatehouse/transparency-log';

/** A tree as its size and its edge: what it takes to append to it and to know its root. */
export interface TreeHead {
  readonly size: number;
  /** 32 bytes for each of the fewest complete subtrees that cover the leaves. */
  readonly edge: Buffer;
}

/**
 * Hashes that one batch adds to a tile, where they stand in it. A tile is its parts, one after the other: nothing of it is
 * ever written anew, so that also a tile that is not full is refused every change.
 */
export interface TilePart {
  readonly level: number;
  /** Of the tile in its level. */
  readonly index: number;
  /** The place in the tile of its first hash, from 0. */
  readonly first: number;
  /** 32 bytes for each hash. */
  readonly hashes: Buffer;
}

export interface TreeGrowth extends TreeHead {
  readonly parts: TilePart[];
}

/**
 * Appends leaves to a tree. Costs about one hash a leaf, whatever the size of the tree.
 *
 * @throws RangeError when the edge is not one of a tree of this size
 */
export function growTree({ size, edge }: TreeHead, leafHashes: readonly Buffer[]): TreeGrowth {
  const range = CompactRange.restore(0, size, edge);
  const grown = new Map<string, { level: number; index: number; first: number; hashes: Buffer[] }>();
  for (const leafHash of leafHashes) {
    range.append(leafHash, (nodeLevel, node, hash) => {
      if (nodeLevel % TILE_HEIGHT !== 0) return;
      const level = nodeLevel / TILE_HEIGHT;
      const index = Math.floor(node / TILE_WIDTH);
      const key = `${level}/${index}`;
      const part = grown.get(key) ?? { level, index, first: node % TILE_WIDTH, hashes: [] };
      grown.set(key, part);
      part.hashes.push(hash);
    });
  }
  const parts = [...grown.values()].map((part) => ({ ...part, hashes: Buffer.concat(part.hashes) }));
  return { size: range.end, edge: range.serialize(), parts };
}

/** @throws RangeError when the edge is not one of a tree of this size */
export const rootOf = ({ size, edge }: TreeHead): Buffer => CompactRange.restore(0, size, edge).root();
