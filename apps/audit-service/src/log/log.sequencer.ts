import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import type { LogEntry } from './log-entry.js';
import { LogFullError } from './log.errors.js';
import { LogRepository } from './log.repository.js';
import { EventQuarantine } from './event.quarantine.js';
import type { Sequenced } from './sequencing.js';
import { isRefusedRow } from './storage-failures.js';

const BATCH_EVENTS = 2_000;
/** Of leaves; a single append may have more. */
const BATCH_BYTES = 4 * 1024 * 1024;
const MOST_WAITING_EVENTS = 20_000;
/** Of leaves; with what is prepared of them it is three times as much memory. */
const MOST_WAITING_BYTES = 64 * 1024 * 1024;

/** What became of an entry. `not-storable`: the database refuses this one, and it is in quarantine. */
export type AppendOutcome = Sequenced | { readonly error: 'not-storable'; readonly detail: string };

interface Job {
  readonly bytes: number;
  readonly entries: readonly LogEntry[];
  readonly resolve: (outcomes: AppendOutcome[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Gathers appends into batches. What comes while one batch commits is the next one, so that a batch grows with the
 * load and a lone event waits for nobody.
 */
@Injectable()
export class LogSequencer {
  private readonly logger = new Logger(LogSequencer.name);
  private readonly jobs: Job[] = [];
  private waiting = 0;
  private waitingBytes = 0;
  private running = false;

  constructor(
    private readonly log: LogRepository,
    private readonly quarantine: EventQuarantine,
  ) {}

  /**
   * Appends entries; resolves after the commit, one outcome each, in their order.
   *
   * @throws LogFullError (503) when too many wait
   * @throws what the driver throws when the database is away: nothing was promised, send them again
   */
  async append(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    if (entries.length === 0) return [];
    const bytes = entries.reduce((sum, { leaf }) => sum + leaf.length, 0);
    if (this.waiting > 0 && !this.hasRoom(entries.length, bytes)) throw new LogFullError();
    return new Promise((resolve, reject) => {
      this.jobs.push({ entries, bytes, resolve, reject });
      this.waiting += entries.length;
      this.waitingBytes += bytes;
      if (!this.running) void this.run();
    });
  }

  private hasRoom(events: number, bytes: number): boolean {
    return this.waiting + events <= MOST_WAITING_EVENTS && this.waitingBytes + bytes <= MOST_WAITING_BYTES;
  }

  private async run(): Promise<void> {
    this.running = true;
    // Requests that arrived together go together.
    await nextTurn();
    while (this.jobs.length > 0) await this.commit(this.nextBatch());
    this.running = false;
  }

  private nextBatch(): Job[] {
    let events = 0;
    let bytes = 0;
    const full = this.jobs.findIndex((job, index) => {
      events += job.entries.length;
      bytes += job.bytes;
      return index > 0 && (events > BATCH_EVENTS || bytes > BATCH_BYTES);
    });
    return this.jobs.splice(0, full === -1 ? this.jobs.length : full);
  }

  private async commit(batch: readonly Job[]): Promise<void> {
    const entries = batch.flatMap((job) => job.entries);
    try {
      const outcomes = await this.store(entries);
      for (const job of batch) job.resolve(outcomes.splice(0, job.entries.length));
    } catch (error) {
      for (const job of batch) job.reject(error);
    } finally {
      this.waiting -= entries.length;
      for (const job of batch) this.waitingBytes -= job.bytes;
    }
  }

  /** A batch that the database refuses is halved until the event that is wrong stands alone. */
  private async store(entries: readonly LogEntry[]): Promise<AppendOutcome[]> {
    try {
      return await this.log.append(entries);
    } catch (error) {
      if (!isRefusedRow(error)) throw error;
      const [only] = entries;
      if (entries.length === 1 && only !== undefined) return [await this.setAside(only, error)];
      const middle = Math.ceil(entries.length / 2);
      const first = await this.store(entries.slice(0, middle));
      return [...first, ...(await this.store(entries.slice(middle)))];
    }
  }

  private async setAside({ event, content, submittedBy }: LogEntry, error: Error): Promise<AppendOutcome> {
    const detail = error.message;
    this.logger.error(`The database refuses event ${event.id}, kept in quarantine: ${detail}`);
    await this.quarantine.add([
      { eventId: event.id, reason: 'not-storable', detail, body: content, submittedBy },
    ]);
    return { error: 'not-storable', detail: 'the database refuses a value of it' };
  }
}
