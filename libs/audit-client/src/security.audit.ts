import { Outbox, type TransactionalExecutor } from '@gatehouse/outbox';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { AuditClientOptions } from './audit-client-options.js';
import { AUDIT_CLIENT_OPTIONS } from './audit-client.tokens.js';
import { AuditWriter } from './audit.writer.js';

/**
 * Tells the audit trail what happened. Its own methods write in a transaction of their own; `enlist` binds them to
 * the business transaction, which is what a change wants:
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
    private readonly transactions: Outbox,
    dataSource: DataSource,
    @Inject(AUDIT_CLIENT_OPTIONS) private readonly options: AuditClientOptions,
  ) {
    super(transactions, options.producer, dataSource);
  }

  /** @param manager of the running transaction: TypeORM's `EntityManager` or `QueryRunner` */
  enlist(manager: TransactionalExecutor): AuditWriter {
    return new AuditWriter(this.transactions, this.options.producer, manager);
  }
}
