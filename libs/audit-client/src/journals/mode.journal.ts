import type { AuditCategory, AuditEvent } from '@gatehouse/audit-contracts';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AUDIT_CLIENT_OPTIONS } from '../audit-client.tokens.js';
import type { AuditMode, DatabaselessAuditOptions } from '../audit-client-options.js';
import { AuditServiceClient } from '../audit-service.client.js';
import { SpoolRelay } from '../spool/spool.relay.js';
import { SpoolStore } from '../spool/spool.store.js';
import type { AuditJournal } from './audit-journal.js';
import { BestEffortJournal } from './best-effort.journal.js';
import { SpoolJournal } from './spool.journal.js';
import { StreamJournal } from './stream.journal.js';
import { StrictJournal } from './strict.journal.js';

const DEADLINE_MS = 5_000;
const SPOOL_BYTES = 64 * 1024 * 1024;

/** Keeps each event by the mode of its category, for a service without a database. */
@Injectable()
export class ModeJournal implements AuditJournal, OnApplicationBootstrap, OnModuleDestroy {
  private readonly journals: Partial<Record<AuditMode, AuditJournal>>;
  private readonly spool: SpoolJournal | undefined;
  private readonly bestEffort: BestEffortJournal;

  /** @throws Error when `spool` is asked for without a directory */
  constructor(
    @Inject(AUDIT_CLIENT_OPTIONS) private readonly options: DatabaselessAuditOptions,
    stream: StreamJournal,
    audit: AuditServiceClient,
  ) {
    const { spool, deadlineMs = DEADLINE_MS } = options;
    if (spool !== undefined) {
      const store = new SpoolStore(spool.directory, spool.maxBytes ?? SPOOL_BYTES);
      this.spool = new SpoolJournal(store, new SpoolRelay(store, audit));
    } else if ([options.mode, ...Object.values(options.modes ?? {})].includes('spool')) {
      throw new Error(
        'The audit mode `spool` needs a directory: AuditClientModule.withoutDatabase({ spool })',
      );
    }
    this.bestEffort = new BestEffortJournal(stream);
    this.journals = {
      ...{ stream, strict: new StrictJournal(audit, deadlineMs) },
      ...{ spool: this.spool, 'best-effort': this.bestEffort },
    };
  }

  /** Events that the mode `best-effort` dropped since the process started. */
  get dropped(): number {
    return this.bestEffort.dropped;
  }

  onApplicationBootstrap(): void {
    this.spool?.open();
  }

  async onModuleDestroy(): Promise<void> {
    await this.bestEffort.settle();
    await this.spool?.close();
  }

  async keep(event: AuditEvent): Promise<void> {
    await this.journals[this.modeOf(event.category)]?.keep(event);
  }

  private modeOf(category: AuditCategory): AuditMode {
    const { mode = 'stream', modes = {} } = this.options;
    return modes[category] ?? mode;
  }
}
