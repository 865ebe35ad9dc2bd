import { HASH_BYTES, TILE_HEIGHT, TILE_WIDTH } from '@gatehouse/transparency-log';
import { VerificationFailedError } from '../verification-failed-error.js';
import type { LogSource } from './log-source.js';

/** The tiles above those of the leaves, as these make them. Keeps one tile a level. */
export class UpperTiles {
  private readonly open: { index: number; hashes: Buffer[] }[] = [];
  private readonly full: { level: number; index: number; bytes: Buffer }[] = [];

  /** Takes each node that the tree makes as it grows. */
  readonly add = (nodeLevel: number, node: number, hash: Buffer): void => {
    if (nodeLevel === 0 || nodeLevel % TILE_HEIGHT !== 0) return;
    const level = nodeLevel / TILE_HEIGHT;
    const tile = (this.open[level] ??= { index: Math.floor(node / TILE_WIDTH), hashes: [] });
    tile.hashes.push(hash);
    if (tile.hashes.length < TILE_WIDTH) return;
    this.full.push({ level, index: tile.index, bytes: Buffer.concat(tile.hashes) });
    this.open[level] = { index: tile.index + 1, hashes: [] };
  };

  /** Compares the tiles that are full by now. @throws VerificationFailedError */
  async compareFull(source: LogSource): Promise<void> {
    for (const tile of this.full.splice(0)) await compare(source, tile);
  }

  /** Compares those that are not. @throws VerificationFailedError */
  async compareOpen(source: LogSource): Promise<void> {
    for (const [level, tile] of this.open.entries()) {
      if (tile === undefined || tile.hashes.length === 0) continue;
      await compare(source, { level, index: tile.index, bytes: Buffer.concat(tile.hashes) });
    }
  }
}

async function compare(
  source: LogSource,
  { level, index, bytes }: { level: number; index: number; bytes: Buffer },
): Promise<void> {
  const width = bytes.length / HASH_BYTES;
  const found = await source.tile({ level, index, width });
  if (found?.equals(bytes) === true) return;
  const place = found === undefined ? 0 : firstDifference(found, bytes);
  const seq = (index * TILE_WIDTH + place) * TILE_WIDTH ** level;
  const what = found === undefined ? 'is missing' : 'has a hash that the events from here on do not make';
  throw new VerificationFailedError(`tile ${index} of level ${level} ${what}`, seq);
}

function firstDifference(one: Buffer, other: Buffer): number {
  const width = Math.max(one.length, other.length) / HASH_BYTES;
  for (let place = 0; place < width; place++) {
    const [from, to] = [place * HASH_BYTES, (place + 1) * HASH_BYTES];
    if (!one.subarray(from, to).equals(other.subarray(from, to))) return place;
  }
  return 0;
}
