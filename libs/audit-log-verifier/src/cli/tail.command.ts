import { setTimeout as sleep } from 'node:timers/promises';
import {
  CompactRange,
  HASH_BYTES,
  leafHash,
  rangeNodes,
  TILE_WIDTH,
  tileHashReader,
  tileWidth,
  type VerifiedCheckpoint,
} from '@gatehouse/transparency-log';
import { checkCheckpoint } from '../checkpoints/check-checkpoint.js';
import { checkGrowth } from '../live/check-growth.js';
import type { LogSource } from '../live/log-source.js';
import { VerificationFailedError } from '../verification-failed-error.js';
import type { AuditCommandCall, AuditCommandOutput } from './audit-command.js';
import { readSeen, writeState } from './checkpoint-state.js';

const LOOK_EVERY_MS = 1_000;

/** `tail URL`: each event once, in order, when it is signed. */
export async function tail({ api, log, state, from, output }: AuditCommandCall): Promise<void> {
  const source = api();
  let seen = await readSeen(state, log);
  let follower: LogFollower | undefined;
  while (!output.stop.aborted) {
    const note = await source.checkpoint();
    const checkpoint = checkCheckpoint(note, log);
    if (seen !== undefined) await checkGrowth(source, seen, checkpoint);
    follower ??= await LogFollower.at(source, Math.min(from ?? checkpoint.size, checkpoint.size), checkpoint);
    await follower.follow(checkpoint, output);
    seen = checkpoint;
    await writeState(state, note);
    await sleep(LOOK_EVERY_MS, undefined, { signal: output.stop }).catch(() => {});
  }
}

/** Reads events up to each checkpoint, and checks that with those before they make its root. */
class LogFollower {
  private constructor(
    private readonly source: LogSource,
    private readonly range: CompactRange,
  ) {}

  /** @param next the first event to read */
  static async at(source: LogSource, next: number, { size }: VerifiedCheckpoint): Promise<LogFollower> {
    const range = CompactRange.startingAt(0);
    const readHash = tileHashReader(size, async (tile) => (await source.tile(tile)) ?? Buffer.alloc(0));
    for (const { level, index } of rangeNodes(0, next)) range.appendNode(level, await readHash(level, index));
    return new LogFollower(source, range);
  }

  async follow({ size, root }: VerifiedCheckpoint, output: AuditCommandOutput): Promise<void> {
    const from = this.range.end;
    while (this.range.end < size) await output.out(await this.read(size));
    if (!this.range.root().equals(root)) {
      throw new VerificationFailedError(`the events up to ${size} do not make the signed root`, from);
    }
  }

  /** The rest of a bundle, a line of JSON each. */
  private async read(size: number): Promise<string> {
    const index = Math.floor(this.range.end / TILE_WIDTH);
    const first = index * TILE_WIDTH;
    const width = tileWidth(0, index, size);
    const tile = await this.source.tile({ level: 0, index, width });
    const leaves = await this.source.entries(index, width);
    if (leaves === undefined || tile === undefined) {
      throw new VerificationFailedError('this event, or one soon after it, is missing', this.range.end);
    }
    let lines = '';
    for (let seq = this.range.end; seq < first + width; seq++) {
      const leaf = leaves[seq - first] as Buffer;
      const place = (seq - first) * HASH_BYTES;
      if (!leafHash(leaf).equals(tile.subarray(place, place + HASH_BYTES))) {
        throw new VerificationFailedError(
          'the event was changed: its leaf has not the hash of its tile',
          seq,
        );
      }
      this.range.append(leafHash(leaf));
      lines += `${JSON.stringify({ seq, ...(JSON.parse(leaf.toString('utf8', 1)) as object) })}\n`;
    }
    return lines;
  }
}
