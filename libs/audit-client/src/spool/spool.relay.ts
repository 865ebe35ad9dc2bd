import type { AuditEvent } from '@gatehouse/audit-contracts';
import { Logger } from '@nestjs/common';
import { isRefusal } from '../append-verdicts.js';
import type { AuditServiceClient } from '../audit-service.client.js';
import type { SpooledBatch, SpoolStore } from './spool.store.js';

const TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

/** Sends what waits in the spool, the oldest first, as often as it takes. */
export class SpoolRelay {
  private readonly logger = new Logger(SpoolRelay.name);
  private timer: NodeJS.Timeout | undefined;
  private sending: Promise<void> | undefined;
  private failures = 0;
  private stopped = false;

  constructor(
    private readonly store: SpoolStore,
    private readonly audit: Pick<AuditServiceClient, 'append'>,
  ) {}

  /** Something waits. */
  wake(): void {
    // While audit-service is away, the pause counts.
    if (this.stopped || this.sending !== undefined || this.timer !== undefined) return;
    this.sending = this.send().finally(() => (this.sending = undefined));
  }

  /** Resolves when nothing is being sent any more; what waits stays for the next process. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.sending;
  }

  private async send(): Promise<void> {
    try {
      for (let batch = await this.store.oldest(); batch !== undefined; batch = await this.store.oldest()) {
        await this.deliver(batch);
        if (this.failures > 0) this.logger.log('audit-service takes events again');
        this.failures = 0;
        if (this.stopped) return;
      }
    } catch (error) {
      if (this.failures++ === 0)
        this.logger.warn({ err: error }, 'Audit events wait in the spool, trying again');
      this.again();
    }
  }

  private again(): void {
    if (this.stopped) return;
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** (this.failures - 1), LONGEST_PAUSE_MS);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      this.wake();
    }, pause).unref();
  }

  private async deliver(batch: SpooledBatch): Promise<void> {
    const { name, events } = batch;
    // Only when all are refused together for one of them are they sent one by one.
    const taken = (await this.append(events)) || (await this.appendEach(events));
    if (taken) return this.store.remove(batch);
    this.logger.error(`audit-service refused events of ${name}, kept as ${name}.refused`);
    await this.store.putAside(batch);
  }

  private async appendEach(events: readonly AuditEvent[]): Promise<boolean> {
    let all = true;
    for (const event of events) all = (await this.append([event])) && all;
    return all;
  }

  /** @returns whether audit-service judged each of them; false when it refused them together */
  private async append(events: readonly AuditEvent[]): Promise<boolean> {
    if (events.length === 0) return true;
    try {
      const verdicts = await this.audit.append(events, TIMEOUT_MS);
      if (verdicts.length < events.length) throw new Error('audit-service did not speak of all events');
      for (const verdict of verdicts) {
        // It is in the quarantine of audit-service.
        if (!verdict.accepted) this.logger.error(`audit-service refused ${verdict.id}: ${verdict.reason}`);
      }
      return true;
    } catch (error) {
      if (isRefusal(error)) return false;
      throw error;
    }
  }
}
