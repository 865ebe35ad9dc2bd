import { HASH_BYTES, type TileCoordinates } from '@gatehouse/transparency-log';

/** A tile that the tree has lacks hashes, or has some twice. */
export class DamagedTileError extends Error {
  constructor(
    readonly tile: TileCoordinates,
    readonly found: number,
  ) {
    super(`Tile ${tile.index} of level ${tile.level} has ${found} hashes in a row, not ${tile.width}`);
    this.name = 'DamagedTileError';
  }
}

/**
 * The first `width` hashes of a tile, whatever it has by now.
 *
 * @param parts in their order
 * @throws DamagedTileError
 */
export function joinParts(
  tile: TileCoordinates,
  parts: readonly { readonly first: number; readonly hashes: Buffer }[],
): Buffer {
  let found = 0;
  for (const { first, hashes } of parts) {
    if (first !== found) throw new DamagedTileError(tile, found);
    found += hashes.length / HASH_BYTES;
  }
  if (!(found >= tile.width)) throw new DamagedTileError(tile, found);
  return Buffer.concat(parts.map(({ hashes }) => hashes)).subarray(0, tile.width * HASH_BYTES);
}
