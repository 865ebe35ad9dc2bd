import { Injectable } from '@nestjs/common';
import { apiKeyDigest, newApiKey, UnauthenticatedError } from '@gatehouse/access-control';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { CreateApiKeyBody, CreatedApiKeyAnswer, Principal } from '@gatehouse/auth-contracts';
import { NotFoundError, ValidationFailedError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AccountManager } from '../accounts/account.manager.js';
import { requirePermissions } from '../accounts/require-coverage.js';
import { AuthEnvironment } from '../auth.environment.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { toApiKey } from './api-key-answer.js';
import { ApiKeyHasher } from './api-key.hasher.js';
import { ApiKeyRepository } from './api-key.repository.js';
import { TooManyApiKeysError } from './api-keys.errors.js';

/** Who does it, and by which request. */
export interface By {
  by: Principal;
  request: RequestContext;
}

/** Makes and ends the API keys of users. */
@Injectable()
export class ApiKeyManager {
  private readonly most: number;
  private readonly hasher: ApiKeyHasher;

  constructor(
    private readonly revocations: RevocationManager,
    private readonly accounts: AccountManager,
    private readonly keys: ApiKeyRepository,
    private readonly audit: SecurityAudit,
    environment: AuthEnvironment,
  ) {
    this.most = environment.variables.MAX_API_KEYS_PER_USER;
    this.hasher = new ApiKeyHasher(environment);
  }

  /**
   * The key is in this answer and nowhere else.
   *
   * @throws InsufficientPermissionError for what the caller may not do itself; ValidationFailedError, TooManyApiKeysError
   */
  async create(body: CreateApiKeyBody, { by, request }: By): Promise<CreatedApiKeyAnswer> {
    requirePermissions(by, body.permissions);
    const { name, permissions } = body;
    const expiresAt = expiryOf(body);
    const id = uuidv7();
    const key = newApiKey(id);
    const hash = this.hasher.hash(apiKeyDigest(key));
    const row = { id, ownerId: by.id, name, hash, permissions, expiresAt, createdAt: new Date() };
    const made = { ...row, lastUsedAt: null };
    await this.revocations.transaction(async (manager) => {
      await this.lockOwner(manager, by);
      if ((await this.keys.countLive(manager, by.id)) >= this.most) throw new TooManyApiKeysError(this.most);
      await this.keys.insert(manager, made);
      const details = { permissions, ...(expiresAt === null ? {} : { expiresAt: expiresAt.toISOString() }) };
      const event = { action: 'auth.api-key-created', details };
      await this.tell(manager, { id, name }, event, { by, request });
    });
    return { ...toApiKey(made), key };
  }

  /** It is refused everywhere at once. @throws NotFoundError, for anybody else's too */
  async remove(id: string, said: By): Promise<void> {
    const { by } = said;
    await this.revocations.transaction(async (manager, revoke) => {
      const name = await this.keys.remove(manager, by.id, id);
      if (name === undefined) throw new NotFoundError();
      await this.tell(manager, { id, name }, { action: 'auth.api-key-deleted' }, said);
      await revoke({ kind: 'api-key', id, accountId: by.id });
    });
  }

  /** Two who make keys at once do not make one too many, and an account that is gone has none. */
  private async lockOwner(manager: EntityManager, { id }: Principal): Promise<void> {
    const account = await this.accounts.findToChange(manager, id);
    if (account?.status !== 'active') throw new UnauthenticatedError({ reason: 'the account is gone' });
  }

  private async tell(
    manager: EntityManager,
    { id, name }: { id: string; name: string },
    event: { action: string; details?: Record<string, unknown> },
    { by, request }: By,
  ): Promise<void> {
    await this.audit.enlist(manager).logAuthEvent({
      ...{ ...event, outcome: 'success' },
      actor: { type: by.type, id: by.id },
      target: { type: 'api-key', id, name },
      context: { ...request, sessionId: by.sessionId },
    });
  }
}

function expiryOf({ expiresAt }: CreateApiKeyBody): Date | null {
  if (expiresAt === undefined) return null;
  const date = new Date(expiresAt);
  if (date.getTime() > Date.now()) return date;
  throw new ValidationFailedError([{ path: 'expiresAt', message: 'must be in the future' }]);
}
