import { AUDIT_APPEND, type AuditEvent, type AuditRequests } from '@gatehouse/audit-contracts';
import type { OutboxVerdict } from '@gatehouse/outbox';
import type { RequestClient } from '@gatehouse/redis-transport';
import { Inject, Injectable } from '@nestjs/common';
import { firstValueFrom } from 'rxjs';
import { verdictsOf } from './append-verdicts.js';
import { AUDIT_REQUESTS } from './audit-client.tokens.js';

/** audit-service, asked to append. */
@Injectable()
export class AuditServiceClient {
  constructor(@Inject(AUDIT_REQUESTS) private readonly audit: RequestClient<AuditRequests>) {}

  /**
   * Resolves after the commit with what became of the events; of one that it does not speak of nothing is known.
   *
   * @throws DomainError of the transport or of audit-service
   */
  async append(events: readonly AuditEvent[], timeoutMs: number): Promise<OutboxVerdict[]> {
    const answer = this.audit.send(AUDIT_APPEND, { events }, { timeoutMs });
    return verdictsOf(events, (await firstValueFrom(answer)).results);
  }
}
