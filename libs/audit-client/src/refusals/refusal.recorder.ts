import type { AccessRefusal, RefusalRecorder } from '@gatehouse/access-control';
import { Injectable, Logger, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import type { AuditEntry } from '../audit-entry.js';
import { SecurityAudit } from '../security.audit.js';
import { RefusalJournal } from './refusal-journal.js';

const EVERY_MS = 1_000;
const MINUTE_MS = 60_000;

/**
 * Writes what the guards refuse into the audit trail, behind the answers: each 403 within a second, the 401s of an address
 * once a minute. While the database is away it waits, as far as there is room.
 */
@Injectable()
export class AuditRefusalRecorder implements RefusalRecorder, OnModuleInit, OnModuleDestroy {
  private readonly logger = new Logger(AuditRefusalRecorder.name);
  private readonly journal = new RefusalJournal();
  private readonly timers: NodeJS.Timeout[] = [];
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly audit: SecurityAudit) {}

  get dropped(): number {
    return this.journal.dropped;
  }

  onModuleInit(): void {
    const every = (ms: number, take: () => AuditEntry[]) =>
      this.timers.push(setInterval(() => void this.write(take), ms).unref());
    every(EVERY_MS, () => this.journal.takeDenials());
    every(MINUTE_MS, () => this.journal.takeUnidentified());
  }

  async onModuleDestroy(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    await this.flush();
  }

  record(refusal: AccessRefusal): void {
    this.journal.add(refusal, new Date());
  }

  /** Writes everything now, the minute that has begun too. */
  async flush(): Promise<void> {
    await this.write(() => [...this.journal.takeDenials(), ...this.journal.takeUnidentified()]);
  }

  private write(take: () => AuditEntry[]): Promise<void> {
    this.writing = this.writing.then(async () => {
      const entries = take();
      try {
        for (let entry = entries[0]; entry !== undefined; entry = entries[0]) {
          await this.audit.logAccessEvent(entry);
          entries.shift();
        }
      } catch (error) {
        this.journal.putBack(entries);
        this.logger.debug({ err: error }, 'Refusals could not be written to the audit trail yet');
      }
    });
    return this.writing;
  }
}
