import { Injectable, Logger } from '@nestjs/common';
import type { ApiKeyFacts, VerifyApiKey } from '@gatehouse/auth-contracts';
import { UnknownApiKeyLimiter } from '../rate-limits/unknown-api-key.limiter.js';
import { ApiKeyHasher } from './api-key.hasher.js';
import { ApiKeyRefusals, type ApiKeyRefusal } from './api-key.refusals.js';
import { ApiKeyRepository, type KeyWithOwner } from './api-key.repository.js';

/** The use of a key is written at most this often. */
const NOTED_SECONDS = 60;

/** Finds out whether there is an API key, for whoever verifies one. */
@Injectable()
export class ApiKeyAuthenticator {
  private readonly logger = new Logger(ApiKeyAuthenticator.name);

  constructor(
    private readonly keys: ApiKeyRepository,
    private readonly hasher: ApiKeyHasher,
    private readonly limiter: UnknownApiKeyLimiter,
    private readonly refusals: ApiKeyRefusals,
  ) {}

  /**
   * @returns what is known of the key as of one moment; undefined when it is not accepted
   * @throws TooManyRequestsError (429) when the address has shown too many that are not
   */
  async find(question: VerifyApiKey): Promise<ApiKeyFacts | undefined> {
    const { id, digest, address } = question;
    await this.limiter.demandAttempt(address);
    const found = await this.keys.findWithOwner(id, NOTED_SECONDS);
    const refusal = this.refusalOf(found, digest);
    if (found === undefined || refusal !== undefined) {
      await this.limiter.count(address);
      await this.refusals.tell(refusal ?? 'unknown-key', question);
      return undefined;
    }
    if (!found.isNoted) this.note(id, digest);
    const { permissions, expiresAt, owner } = found;
    return {
      ...{ id, owner: { id: owner.id, role: owner.role, epoch: owner.epoch }, permissions },
      ...(expiresAt === null ? {} : { expiresAt: expiresAt.toISOString() }),
    };
  }

  private refusalOf(key: KeyWithOwner | undefined, digest: string): ApiKeyRefusal | undefined {
    if (key === undefined) return 'unknown-key';
    if (this.hasher.find(digest, [key.hash]) < 0) return 'wrong-secret';
    if (key.owner.status !== 'active') return 'owner-disabled';
    return key.isExpired ? 'expired' : undefined;
  }

  /** Nobody waits for it. A key that was hashed with an earlier key of ours is hashed anew by it. */
  private note(id: string, digest: string): void {
    this.keys.noteUse(id, this.hasher.hash(digest), NOTED_SECONDS).catch((error: unknown) => {
      this.logger.debug({ err: error }, 'The use of an API key could not be noted');
    });
  }
}
