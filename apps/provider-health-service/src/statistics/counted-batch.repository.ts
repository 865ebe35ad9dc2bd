import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { addedAt, fingerprint, FINGERPRINT_BYTES, type StreamEntry } from './outcome-entry.js';

/** Key of the advisory lock of whoever counts: "outc" in ASCII. */
const LOCK = 0x6f757463;

/** A replica that stops in the middle loses its transaction, and the lock with it, after this time. */
const MOST_IDLE_MS = 5_000;

/**
 * How long it is remembered what was counted. A Redis that comes back with data that is older than this may bring back
 * entries that are not known again.
 */
const REMEMBERED = "interval '2 hours'";

/** Which entries of the stream were counted, each by its fingerprint. */
@Injectable()
export class CountedBatchRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Makes one counter of the fleet, until the transaction ends. @returns false when it is another */
  async lead(manager: EntityManager): Promise<boolean> {
    const [row]: { leads: boolean }[] = await manager.query(
      `SELECT set_config('idle_in_transaction_session_timeout', $1, true), pg_try_advisory_xact_lock($2) AS leads`,
      [String(MOST_IDLE_MS), LOCK],
    );
    return row?.leads === true;
  }

  /**
   * Notes that these entries are counted, and gives those of them that were not before: what a replica counted and had no
   * time to remove from the stream, or what a Redis with older data has brought back, is left out.
   */
  async note(manager: EntityManager, entries: readonly StreamEntry[]): Promise<StreamEntry[]> {
    const times = entries.map(addedAt);
    const range = [Math.min(...times), Math.max(...times)];
    const known = await this.knownAmong(manager, range);
    const marked = entries.map((entry) => ({ entry, mark: fingerprint(entry) }));
    const fresh = marked.filter(({ mark }) => !known.has(mark.toString('latin1')));
    const seenAgain = marked.flatMap(({ mark }) => known.get(mark.toString('latin1')) ?? []);
    // An entry that cannot be removed from the stream must not be forgotten while it is there.
    if (seenAgain.length > 0)
      await manager.query(`UPDATE counted_batch SET counted_at = now() WHERE number = ANY($1::bigint[])`, [
        [...new Set(seenAgain)],
      ]);
    if (fresh.length > 0)
      await manager.query(
        `INSERT INTO counted_batch (added_from, added_until, fingerprints) VALUES ($1, $2, $3)`,
        [...range, Buffer.concat(fresh.map(({ mark }) => mark))],
      );
    return fresh.map(({ entry }) => entry);
  }

  /** Removes so many batches at most that need not be remembered any longer. @returns how many there were */
  async forget(most: number): Promise<number> {
    const [, count]: [unknown, number] = await this.dataSource.query(
      `DELETE FROM counted_batch WHERE number IN (
         SELECT number FROM counted_batch WHERE counted_at < now() - ${REMEMBERED} LIMIT $1 FOR UPDATE SKIP LOCKED)`,
      [most],
    );
    return count;
  }

  /** Fingerprints of what was added in a time, with the number of their batch. */
  private async knownAmong(manager: EntityManager, range: readonly number[]): Promise<Map<string, string>> {
    const rows: { number: string; fingerprints: Buffer }[] = await manager.query(
      `SELECT number, fingerprints FROM counted_batch WHERE added_until >= $1 AND added_from <= $2`,
      [...range],
    );
    const known = new Map<string, string>();
    for (const { number, fingerprints } of rows)
      for (let at = 0; at < fingerprints.length; at += FINGERPRINT_BYTES)
        known.set(fingerprints.toString('latin1', at, at + FINGERPRINT_BYTES), number);
    return known;
  }
}
