import { randomBytes } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type {
  CreateServiceAccountBody,
  Principal,
  ServiceAccountSecretAnswer,
} from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { requirePermissions } from '../accounts/require-coverage.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { toServiceAccount } from './service-account-answer.js';
import type { ServiceAccount } from './service-account.entity.js';
import { ServiceAccountRepository } from './service-account.repository.js';
import { BuiltInServiceAccountError, ServiceAccountNameTakenError } from './service-accounts.errors.js';
import { ServiceSecretManager } from './service-secret.manager.js';
import { isReservedName } from './suite-services.js';

/** So that scanners of source code can tell what it is. */
const newSecret = (): string => `gsa_${randomBytes(32).toString('base64url')}`;

/** Who does it, and by which request. */
export interface By {
  by: Principal;
  request: RequestContext;
}

/**
 * Makes and ends service accounts and their secrets. Whoever may do so grants no more than they have, and touches no account
 * that has more: a secret is as good as what its account may do.
 */
@Injectable()
export class ServiceAccountManager {
  constructor(
    private readonly revocations: RevocationManager,
    private readonly accounts: ServiceAccountRepository,
    private readonly secrets: ServiceSecretManager,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws InsufficientPermissionError, ServiceAccountNameTakenError */
  async create(
    { name, permissions }: CreateServiceAccountBody,
    said: By,
  ): Promise<ServiceAccountSecretAnswer> {
    requirePermissions(said.by, permissions);
    if (isReservedName(name)) throw new ServiceAccountNameTakenError();
    const dates = { createdAt: new Date() };
    const account = { ...{ id: uuidv7(), name, permissions, builtIn: false, epoch: 0 }, ...dates };
    const clientSecret = newSecret();
    return this.revocations.transaction(async (manager) => {
      if (!(await this.accounts.insertUnlessTaken(manager, account)))
        throw new ServiceAccountNameTakenError();
      const { live } = await this.secrets.add(manager, account.id, clientSecret);
      await this.tell(manager, account, said, {
        action: 'auth.service-account-created',
        details: { permissions },
      });
      return { ...toServiceAccount(account, live), clientSecret };
    });
  }

  /** A new secret beside the newest one. @throws NotFoundError, BuiltInServiceAccountError, InsufficientPermissionError */
  async addSecret(id: string, said: By): Promise<ServiceAccountSecretAnswer> {
    const clientSecret = newSecret();
    return this.revocations.transaction(async (manager) => {
      const account = await this.lock(manager, id, said);
      const { live, ended } = await this.secrets.add(manager, id, clientSecret);
      const details = { secretId: live.at(-1)?.id, endedSecretIds: ended };
      await this.tell(manager, account, said, { action: 'auth.service-secret-added', details });
      return { ...toServiceAccount(account, live), clientSecret };
    });
  }

  /**
   * @param endTokens whether the tokens of the account end with it, whichever secret they were got by
   * @throws as `addSecret`
   */
  async endSecret(id: string, secretId: string, endTokens: boolean, said: By): Promise<void> {
    await this.revocations.transaction(async (manager, revoke) => {
      const account = await this.lock(manager, id, said);
      if (!(await this.secrets.end(manager, id, secretId))) throw new NotFoundError();
      const details = { secretId, tokensEnded: endTokens };
      await this.tell(manager, account, said, { action: 'auth.service-secret-ended', details });
      if (endTokens)
        await revoke({ kind: 'account', id, epoch: await this.accounts.raiseEpoch(manager, account) });
    });
  }

  /** Its tokens end. @throws as `addSecret` */
  async remove(id: string, said: By): Promise<void> {
    await this.revocations.transaction(async (manager, revoke) => {
      const account = await this.lock(manager, id, said);
      await this.accounts.remove(manager, id);
      await this.tell(manager, account, said, { action: 'auth.service-account-deleted' });
      // Whatever was authenticated before this commit gets a token of this epoch or an earlier one.
      await revoke({ kind: 'account', id, epoch: account.epoch + 1 });
    });
  }

  private async lock(manager: EntityManager, id: string, { by }: By): Promise<ServiceAccount> {
    const account = await this.accounts.lock(manager, id);
    if (account === null) throw new NotFoundError();
    if (account.builtIn) throw new BuiltInServiceAccountError();
    requirePermissions(by, account.permissions);
    return account;
  }

  private async tell(
    manager: EntityManager,
    { id, name }: ServiceAccount,
    { by, request }: By,
    event: { action: string; details?: Record<string, unknown> },
  ): Promise<void> {
    await this.audit.enlist(manager).logAdminEvent({
      ...{ ...event, outcome: 'success' },
      actor: { type: by.type, id: by.id },
      target: { type: 'service-account', id, name },
      context: { ...request, sessionId: by.sessionId },
    });
  }
}
