import type { AuditEvent } from '@gatehouse/audit-contracts';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import { AuditRefusedError } from '../audit-client.errors.js';
import type { AuditServiceClient } from '../audit-service.client.js';
import type { AuditJournal } from './audit-journal.js';

/** Keeps an event in the log itself, and waits for it. */
export class StrictJournal implements AuditJournal {
  /** @param deadlineMs how long it waits */
  constructor(
    private readonly audit: Pick<AuditServiceClient, 'append'>,
    private readonly deadlineMs: number,
  ) {}

  /**
   * @throws DependencyUnavailableError (503) when it is not known to be in the log by the deadline; AuditRefusedError
   * when the log does not take it
   */
  async keep(event: AuditEvent): Promise<void> {
    const [verdict] = await this.audit.append([event], this.deadlineMs).catch((cause: unknown) => {
      // Also what is not 503 of itself, such as an identity that may not append: the caller has no part in that.
      throw new DependencyUnavailableError('The audit trail', { cause });
    });
    if (verdict === undefined) throw new DependencyUnavailableError('The audit trail');
    if (!verdict.accepted) throw new AuditRefusedError(verdict.reason);
  }
}
