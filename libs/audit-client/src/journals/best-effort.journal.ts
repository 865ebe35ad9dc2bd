import type { AuditEvent } from '@gatehouse/audit-contracts';
import { Logger } from '@nestjs/common';
import type { AuditJournal } from './audit-journal.js';

/** Events under way at most: what comes beyond them is dropped, so that a slow Redis does not fill the memory. */
const MOST_UNDER_WAY = 1_000;

/** Sends an event by another journal without making anybody wait for it; what that does not take is dropped and counted. */
export class BestEffortJournal implements AuditJournal {
  private readonly logger = new Logger(BestEffortJournal.name);
  private readonly underWay = new Set<Promise<void>>();
  private lost = 0;
  private losing = false;

  constructor(private readonly behind: AuditJournal) {}

  /** How many were dropped since the process started. */
  get dropped(): number {
    return this.lost;
  }

  async keep(event: AuditEvent): Promise<void> {
    if (this.underWay.size >= MOST_UNDER_WAY) return this.drop('too many are under way');
    const sending = this.behind
      .keep(event)
      .then(() => this.take())
      .catch((error: unknown) => this.drop(error))
      .finally(() => this.underWay.delete(sending));
    this.underWay.add(sending);
  }

  /** Resolves when nothing is under way any more. */
  async settle(): Promise<void> {
    await Promise.all(this.underWay);
  }

  private take(): void {
    if (this.losing) this.logger.log(`Events are taken again, ${this.lost} were dropped so far`);
    this.losing = false;
  }

  private drop(error: unknown): void {
    this.lost++;
    if (!this.losing) this.logger.warn({ err: error }, 'Audit events are dropped, as their mode allows');
    this.losing = true;
  }
}
