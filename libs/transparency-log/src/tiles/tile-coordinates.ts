import { assertRange } from '../trees/range-nodes.js';

/** Levels of the tree in a tile. */
export const TILE_HEIGHT = 8;
/** Hashes in a full tile. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;

/** A tile of hashes (C2SP tlog-tiles, "Merkle Tree"). */
export interface TileCoordinates {
  /** 0: hashes of leaves; each hash in a tile of a higher level stands for a full tile of the level below. */
  readonly level: number;
  /** From the left, from 0. */
  readonly index: number;
  /** How many hashes it has, from 1 up to 256; a tile of fewer is a partial one. */
  readonly width: number;
}

/** A bundle of entries: those whose hashes are in the tile of level 0 of the same index. */
export type BundleCoordinates = Omit<TileCoordinates, 'level'>;

/**
 * How wide a tile is in a tree.
 *
 * @param size the number of leaves of the tree
 * @returns from 0, when the tree has no such tile, up to 256
 */
export function tileWidth(level: number, index: number, size: number): number {
  return Math.max(0, Math.min(TILE_WIDTH, hashesAt(level, size) - index * TILE_WIDTH));
}

/**
 * The tiles that a tree has and had not before it grew, full and partial, from the leaves up. All of them are to be there
 * before a checkpoint of the new size is published.
 *
 * @param from the number of leaves before
 * @param to the number of leaves
 * @throws RangeError unless `0 <= from <= to`
 */
export function newTiles(from: number, to: number): TileCoordinates[] {
  assertRange(from, to);
  const tiles: TileCoordinates[] = [];
  for (let level = 0; hashesAt(level, to) > 0; level += 1) {
    const [before, after] = [hashesAt(level, from), hashesAt(level, to)];
    if (before === after) break;
    for (let index = Math.floor(before / TILE_WIDTH); index * TILE_WIDTH < after; index += 1) {
      tiles.push({ level, index, width: tileWidth(level, index, to) });
    }
  }
  return tiles;
}

/** How many hashes the tiles of a level hold together. */
function hashesAt(level: number, size: number): number {
  return Math.floor(size / TILE_WIDTH ** level);
}
