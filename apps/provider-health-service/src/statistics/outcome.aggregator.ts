import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { CountedBatchRepository } from './counted-batch.repository.js';
import { readOutcomes, type ReportedEntry, type StreamEntry } from './outcome-entry.js';
import { OutcomeStreamRepository } from './outcome-stream.repository.js';
import { RollupRepository } from './rollup.repository.js';
import { RollupTable } from './tally.js';

const BATCH = 1_000;
/** An entry may hold a thousand outcomes: between some of them other work has its turn. */
const AT_ONCE = 20;

export interface RecordedHead {
  /** What was counted. */
  outcomes: ReportedEntry['outcomes'];
  /** The stream holds more. */
  more: boolean;
  /** How many entries were pushed out of the stream before they were counted, since it began. */
  lost: number;
}

/**
 * Counts the oldest outcomes of the stream: in one transaction it is noted which, and their sums are added; then they
 * leave the stream. Whatever dies in between, each is counted once: not committed is not counted, and what is counted and
 * still in the stream is known again.
 */
@Injectable()
export class OutcomeAggregator {
  private readonly logger = new Logger(OutcomeAggregator.name);

  constructor(
    private readonly dataSource: DataSource,
    private readonly stream: OutcomeStreamRepository,
    private readonly batches: CountedBatchRepository,
    private readonly rollups: RollupRepository,
  ) {}

  /** @returns undefined when there is nothing to count, or another replica is counting */
  async recordHead(): Promise<RecordedHead | undefined> {
    if (await this.stream.isEmpty()) return undefined;
    const counted = await this.dataSource.transaction(async (manager) => {
      if (!(await this.batches.lead(manager))) return undefined;
      // Read only now: what another replica counts after this cannot be in a list that this one made before.
      const entries = await this.stream.head(BATCH);
      if (entries.length === 0) return undefined;
      const fresh = this.readable(await this.batches.note(manager, entries));
      const table = new RollupTable();
      for (const [index, entry] of fresh.entries()) {
        if (index % AT_ONCE === AT_ONCE - 1) await nextTurn();
        table.add(entry);
      }
      if (fresh.length > 0) await this.rollups.add(manager, table.all());
      return { entries, outcomes: fresh.flatMap(({ outcomes }) => outcomes) };
    });
    if (counted === undefined) return undefined;
    const { entries, outcomes } = counted;
    return { outcomes, more: entries.length === BATCH, lost: await this.stream.remove(entries) };
  }

  /** What cannot be read must not hold up what is behind it: it is said with all that it holds, and left out. */
  private readable(entries: readonly StreamEntry[]): ReportedEntry[] {
    return entries.flatMap((entry) => {
      try {
        return [readOutcomes(entry)];
      } catch (error) {
        this.logger.error({ err: error, entry }, 'An entry of the stream holds no outcomes');
        return [];
      }
    });
  }
}
