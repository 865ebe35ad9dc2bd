import { HASH_BYTES, nodeHash } from '../hashing/tree-hashes.js';
import type { HashReader } from '../trees/hash-reader.js';
import { TILE_HEIGHT, TILE_WIDTH, type TileCoordinates, tileWidth } from './tile-coordinates.js';

/** Fetches a tile: 32 bytes for each of its hashes. */
export type TileReader = (tile: TileCoordinates) => Uint8Array | Promise<Uint8Array>;

/** A tile has not as many bytes as its width asks for. */
export class MalformedTileError extends Error {
  constructor({ level, index, width }: TileCoordinates, bytes: number) {
    super(`Tile ${index} of level ${level} has ${bytes} bytes, not ${width * HASH_BYTES}`);
    this.name = 'MalformedTileError';
  }
}

/**
 * Looks up the nodes of a tree in its tiles. Each tile is fetched once for as long as the reader lives, so make one for
 * each proof, or for each few.
 *
 * The tiles are believed: a wrong hash makes a proof that does not verify.
 *
 * @param size of the tree; the tiles are asked for in the widths that they have in it
 * @returns a reader that throws RangeError for a node that the tree does not have, MalformedTileError for a tile of
 *   another width, and what `readTile` throws
 */
export function tileHashReader(size: number, readTile: TileReader): HashReader {
  const fetched = new Map<string, Promise<Buffer>>();
  const fetch = (level: number, index: number): Promise<Buffer> => {
    const key = `${level}/${index}`;
    const before = fetched.get(key);
    if (before !== undefined) return before;
    const tile = fetchTile({ level, index, width: tileWidth(level, index, size) }, readTile);
    fetched.set(key, tile);
    return tile;
  };
  return async (level, index) => {
    if (!((index + 1) * 2 ** level <= size)) {
      throw new RangeError(`A tree of ${size} has no node ${index} at level ${level}`);
    }
    const height = level % TILE_HEIGHT;
    const first = index * 2 ** height;
    const tile = await fetch((level - height) / TILE_HEIGHT, Math.floor(first / TILE_WIDTH));
    return nodeInTile(tile, first % TILE_WIDTH, 2 ** height);
  };
}

async function fetchTile(tile: TileCoordinates, readTile: TileReader): Promise<Buffer> {
  const bytes = await readTile(tile);
  if (bytes.length !== tile.width * HASH_BYTES) throw new MalformedTileError(tile, bytes.length);
  return Buffer.from(bytes);
}

/** The hash above `width` hashes of a tile. */
function nodeInTile(tile: Buffer, first: number, width: number): Buffer {
  if (width === 1) return tile.subarray(first * HASH_BYTES, (first + 1) * HASH_BYTES);
  const half = width / 2;
  return nodeHash(nodeInTile(tile, first, half), nodeInTile(tile, first + half, half));
}
