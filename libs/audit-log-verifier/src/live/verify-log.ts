import {
  type Checkpoint,
  CompactRange,
  HASH_BYTES,
  leafHash,
  TILE_WIDTH,
  type TrustedLog,
  tileWidth,
  type VerifiedCheckpoint,
} from '@gatehouse/transparency-log';
import { checkCheckpoint } from '../checkpoints/check-checkpoint.js';
import { checkLeaf } from '../leaves/check-leaf.js';
import { VerificationFailedError } from '../verification-failed-error.js';
import { checkGrowth } from './check-growth.js';
import type { LogSource } from './log-source.js';
import { Suspects } from './suspects.js';
import { UpperTiles } from './upper-tiles.js';

/** A log of which every event holds. */
export interface VerifiedLog {
  readonly checkpoint: VerifiedCheckpoint;
  /** The signed note: what to remember, and to hand in as `seen` the next time. */
  readonly note: string;
}

/**
 * Verifies a whole log: the checkpoint is signed and goes on from the one that was seen before; the leaves and the tiles make
 * its root; the search columns say what the leaves say. Constant memory.
 *
 * @param seen the note of an earlier checkpoint of the log
 * @param onProgress hears how many events were read
 * @throws VerificationFailedError that names the first event that is wrong
 * @throws what the source throws when it is away
 */
export async function verifyLog(
  source: LogSource,
  log: TrustedLog,
  { seen, onProgress }: { seen?: string | undefined; onProgress?: (events: number) => void } = {},
): Promise<VerifiedLog> {
  const note = await source.checkpoint();
  const checkpoint = checkCheckpoint(note, log);
  const before = seen === undefined ? undefined : checkCheckpoint(seen, log);
  if (before !== undefined && checkpoint.size < before.size) await checkGrowth(source, before, checkpoint);
  await new LogWalk(source, checkpoint).run(onProgress);
  if (before !== undefined) await checkGrowth(source, before, checkpoint);
  return { checkpoint, note };
}

/** Reads every bundle once, from the first event to the last. */
class LogWalk {
  private readonly byTiles = CompactRange.startingAt(0);
  private readonly byLeaves = CompactRange.startingAt(0);
  private readonly upper = new UpperTiles();
  private readonly suspects = new Suspects();
  /** What is wrong beside the hashes, of the first event that has it. */
  private beside: VerificationFailedError | undefined;

  constructor(
    private readonly source: LogSource,
    private readonly signed: Checkpoint,
  ) {}

  async run(onProgress: (events: number) => void = () => {}): Promise<void> {
    const { size } = this.signed;
    for (let index = 0; index * TILE_WIDTH < size; index++) {
      await this.readBundle(index, tileWidth(0, index, size));
      onProgress(this.byTiles.end);
    }
    const isRoot = (range: CompactRange) => range.root().equals(this.signed.root);
    const [tiles, leaves] = [isRoot(this.byTiles), isRoot(this.byLeaves)];
    const suspect = this.suspects.verdict({ tiles, leaves });
    const first = firstOf(suspect, this.beside);
    if (first !== undefined) throw first;
    await this.upper.compareOpen(this.source);
    if (!tiles) {
      throw new VerificationFailedError(
        'events and tiles agree, and do not make the signed root: they were changed together',
      );
    }
  }

  private async readBundle(index: number, width: number): Promise<void> {
    const first = index * TILE_WIDTH;
    const tile = await this.source.tile({ level: 0, index, width });
    const leaves = await this.source.entries(index, width);
    if (leaves === undefined) {
      throw new VerificationFailedError('the event is missing', first + (await this.presentOf(index, width)));
    }
    if (tile === undefined) throw new VerificationFailedError(`tile ${index} of level 0 is missing`, first);
    const columns = new Map((await this.source.columns(first, first + width)).map((row) => [row.seq, row]));
    for (const [place, leaf] of leaves.entries()) {
      const inTile = tile.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES);
      this.readEvent(first + place, leaf, { inTile, columns: columns.get(first + place) ?? {} });
    }
    // With suspects the tiles above tell nothing of their own.
    if (this.suspects.isEmpty) await this.upper.compareFull(this.source);
  }

  private readEvent(
    seq: number,
    leaf: Buffer,
    { inTile, columns }: { inTile: Buffer; columns: object },
  ): void {
    const ofLeaf = leafHash(leaf);
    this.byTiles.append(inTile, this.upper.add);
    this.byLeaves.append(ofLeaf);
    if (!ofLeaf.equals(inTile)) return this.suspects.add({ seq, ofLeaf, inTile });
    try {
      checkLeaf(seq, leaf, { columns });
    } catch (error) {
      if (!(error instanceof VerificationFailedError)) throw error;
      this.beside ??= error;
    }
  }

  /** How many events of a bundle are there before the first that is missing: a bundle of so many is to be had. */
  private async presentOf(index: number, width: number): Promise<number> {
    let [there, missing] = [0, width];
    while (missing - there > 1) {
      const middle = Math.floor((there + missing) / 2);
      if ((await this.source.entries(index, middle)) === undefined) missing = middle;
      else there = middle;
    }
    return there;
  }
}

function firstOf(
  one: VerificationFailedError | undefined,
  other: VerificationFailedError | undefined,
): VerificationFailedError | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (one.seq ?? Infinity) <= (other.seq ?? Infinity) ? one : other;
}
