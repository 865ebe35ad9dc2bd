import { Injectable } from '@nestjs/common';
import { type AuditEntry, SecurityAudit } from '@gatehouse/audit-client';
import type { EntityManager } from 'typeorm';
import type { Editor } from './editor.js';

/** What people change, in the audit trail. */
@Injectable()
export class EditorTrail {
  constructor(private readonly audit: SecurityAudit) {}

  /** In the transaction of what it tells. */
  async tell(
    manager: EntityManager,
    target: NonNullable<AuditEntry['target']>,
    { by, request }: Editor,
    what: { action: string; details?: Record<string, unknown> },
  ): Promise<void> {
    await this.audit.enlist(manager).logAdminEvent({
      ...what,
      outcome: 'success',
      actor: { type: by.type, id: by.id },
      target,
      context: { ...request, sessionId: by.sessionId },
    });
  }
}
