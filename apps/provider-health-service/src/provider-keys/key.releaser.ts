import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import { PublicKeyError, sealTo } from '@gatehouse/envelope-encryption';
import { ValidationFailedError } from '@gatehouse/problem-details';
import {
  releaseContext,
  type ReleasedProviderKey,
  type UseProviderKey,
} from '@gatehouse/provider-health-contracts';
import { NoProviderKeyError, NotAServiceError } from './provider-keys.errors.js';
import { type OpenedKey, ProviderKeys } from './provider.keys.js';

/** Gives the API keys of providers to services, sealed to a key that the caller made for the request. */
@Injectable()
export class KeyReleaser {
  constructor(
    private readonly keys: ProviderKeys,
    private readonly audit: SecurityAudit,
  ) {}

  /**
   * It is in the trail before it is answered: without the event there is no key.
   *
   * @param by has `providers:use-key`
   * @throws NotAServiceError of a user or an API key, whatever they may do
   * @throws NoProviderKeyError
   * @throws ProviderKeyUnreadableError
   */
  async release(asked: UseProviderKey, by: Principal, requestId: string): Promise<ReleasedProviderKey> {
    const { name } = asked;
    const event = {
      action: 'provider.key-released',
      actor: { type: by.type, id: by.id },
      target: { type: 'provider', id: name },
      context: { sessionId: by.sessionId, requestId },
    };
    if (by.type !== 'service') {
      await this.audit.logProviderEvent({ ...event, outcome: 'denied', reason: 'not-a-service' });
      throw new NotAServiceError();
    }
    const key = await this.keys.open(name);
    if (key === undefined) throw new NoProviderKeyError(name);
    const { keyId, origin } = key;
    const released = { keyId, origin, sealedKey: seal(asked, key) };
    await this.audit.logProviderEvent({ ...event, outcome: 'success', details: { keyId, origin } });
    return released;
  }
}

function seal({ name, publicKey }: UseProviderKey, key: OpenedKey): string {
  const { keyId, origin } = key;
  try {
    return sealTo(publicKey, Buffer.from(key.reveal()), releaseContext({ name, keyId, origin }));
  } catch (error) {
    if (!(error instanceof PublicKeyError)) throw error;
    throw new ValidationFailedError([{ path: 'publicKey', message: 'is not a key that can be sealed to' }]);
  }
}
