import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type AuditEntry, SecurityAudit } from '@gatehouse/audit-client';
import type { PasswordResetAnswer } from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import type { EntityManager } from 'typeorm';
import { PasswordRepository } from './password.repository.js';
import { hashOfReset } from './reset-hash.js';

const LIFETIME_SECONDS = 3_600;

/** Makes the tokens by which a password is set without the current one. */
@Injectable()
export class PasswordResetIssuer {
  constructor(
    private readonly passwords: PasswordRepository,
    private readonly audit: SecurityAudit,
  ) {}

  /** In place of the one that the account may have. @throws NotFoundError */
  async issue(
    manager: EntityManager,
    accountId: string,
    by: Pick<AuditEntry, 'actor' | 'context'>,
  ): Promise<PasswordResetAnswer> {
    const token = randomBytes(32).toString('base64url');
    const expiresAt = await this.passwords.openReset(
      manager,
      accountId,
      hashOfReset(token),
      LIFETIME_SECONDS,
    );
    if (expiresAt === undefined) throw new NotFoundError();
    await this.audit.enlist(manager).logAdminEvent({
      action: 'auth.password-reset-requested',
      outcome: 'success',
      target: { type: 'user', id: accountId },
      ...by,
    });
    return { token, expiresAt: expiresAt.toISOString() };
  }
}
