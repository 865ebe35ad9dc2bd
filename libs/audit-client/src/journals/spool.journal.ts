import type { AuditEvent } from '@gatehouse/audit-contracts';
import { SEGMENT_BYTES, SEGMENT_EVENTS } from '../spool/spool-segment.js';
import type { SpoolRelay } from '../spool/spool.relay.js';
import type { SpoolStore } from '../spool/spool.store.js';
import type { AuditJournal } from './audit-journal.js';

interface Waiting {
  readonly line: string;
  readonly kept: () => void;
  readonly failed: (error: unknown) => void;
}

/** Keeps an event in a file of this host until audit-service has it; needs neither Redis nor a database for that. */
export class SpoolJournal implements AuditJournal {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;

  constructor(
    private readonly store: SpoolStore,
    private readonly relay: SpoolRelay,
  ) {}

  /** Takes over what an earlier process left, and sends it. */
  open(): void {
    this.relay.wake();
  }

  /** @throws SpoolFullError (503) when there is no room, what the file system throws when it cannot be written */
  keep(event: AuditEvent): Promise<void> {
    return new Promise((kept, failed) => {
      this.waiting.push({ line: JSON.stringify(event), kept, failed });
      this.writing ??= this.write().finally(() => (this.writing = undefined));
    });
  }

  async close(): Promise<void> {
    await this.writing;
    await this.relay.stop();
    await this.store.end();
  }

  /** What came while the disk was busy goes to it together. */
  private async write(): Promise<void> {
    while (this.waiting.length > 0) {
      const together = this.take();
      try {
        await this.store.append(together.map(({ line }) => line));
        for (const { kept } of together) kept();
        this.relay.wake();
      } catch (error) {
        for (const { failed } of together) failed(error);
      }
    }
  }

  /** As much as makes no segment too long. */
  private take(): Waiting[] {
    let bytes = 0;
    const end = this.waiting.findIndex(
      ({ line }, index) =>
        index > 0 && (index >= SEGMENT_EVENTS || (bytes += line.length) > SEGMENT_BYTES / 4),
    );
    return this.waiting.splice(0, end < 0 ? this.waiting.length : end);
  }
}
