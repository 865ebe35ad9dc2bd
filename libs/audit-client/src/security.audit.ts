import type { AuditEvent } from '@gatehouse/audit-contracts';
import { Outbox, type TransactionalExecutor } from '@gatehouse/outbox';
import { Inject, Injectable, Optional } from '@nestjs/common';
import type { AuditClientOptions } from './audit-client-options.js';
import { AUDIT_CLIENT_OPTIONS, AUDIT_JOURNAL } from './audit-client.tokens.js';
import { AuditWriter } from './audit.writer.js';
import { EnlistedWriter } from './enlisted.writer.js';
import type { AuditJournal } from './journals/audit-journal.js';

/**
 * Tells the audit trail what happened. Its own methods write in a transaction of their own, or, in a service without a
 * database, as its mode says; `enlist` binds them to the business transaction, which is what a change wants:
 *
 * ```ts
 * await dataSource.transaction(async (manager) => {
 *   await manager.save(account);
 *   await audit.enlist(manager).logAuthEvent({ action: 'auth.register', outcome: 'success', actor });
 * });
 * ```
 */
@Injectable()
export class SecurityAudit extends AuditWriter {
  constructor(
    @Inject(AUDIT_CLIENT_OPTIONS) private readonly options: AuditClientOptions,
    @Inject(AUDIT_JOURNAL) private readonly journal: AuditJournal,
    @Optional() private readonly outbox?: Outbox,
  ) {
    super(options.producer);
  }

  /**
   * @param manager of the running transaction: TypeORM's `EntityManager` or `QueryRunner`
   * @throws Error in a service without a database
   */
  enlist(manager: TransactionalExecutor): EnlistedWriter {
    if (this.outbox === undefined) throw new Error('Without a database there is no transaction to enlist in');
    return new EnlistedWriter(this.outbox, this.options.producer, manager);
  }

  protected async keep(event: AuditEvent): Promise<void> {
    await this.journal.keep(event);
  }
}
