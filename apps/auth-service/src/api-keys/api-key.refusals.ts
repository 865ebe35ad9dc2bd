import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { VerifyApiKey } from '@gatehouse/auth-contracts';
import { NoticeLimiter } from '../rate-limits/notice.limiter.js';

/** Why an API key of the right form is not accepted; for the audit trail only. */
export type ApiKeyRefusal = 'unknown-key' | 'wrong-secret' | 'owner-disabled' | 'expired';

/** Tells the audit trail of API keys that are refused: once a minute for each key that there is, and for each address. */
@Injectable()
export class ApiKeyRefusals {
  constructor(
    private readonly notices: NoticeLimiter,
    private readonly audit: SecurityAudit,
  ) {}

  async tell(reason: ApiKeyRefusal, { id, address }: VerifyApiKey): Promise<void> {
    const of = reason === 'unknown-key' ? `address:${address ?? ''}` : `key:${id}`;
    if (!(await this.notices.isNews(`api-key:${reason}:${of}`))) return;
    await this.audit.logAuthEvent({
      ...{ action: 'auth.api-key-refused', outcome: 'denied', reason, actor: { type: 'anonymous' } },
      ...(reason === 'unknown-key' ? {} : { target: { type: 'api-key', id } }),
      context: address === undefined ? {} : { ip: address },
    });
  }
}
