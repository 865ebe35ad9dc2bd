import { Inject, Injectable } from '@nestjs/common';
import type { ApiKeyFacts, VerifyApiKey } from '@gatehouse/auth-contracts';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import type { AccessControlOptions } from '../access-control-options.js';
import { ACCESS_CONTROL_OPTIONS } from '../access-control.tokens.js';
import { AuthServiceConnection } from '../auth-service.connection.js';
import { RevocationGate } from '../revocations/revocation.gate.js';
import { VerificationKeys } from '../keys/verification.keys.js';
import { readApiKeyDocument } from './api-key-document.js';

/** Asks auth-service about API keys, and takes only what it has signed. */
@Injectable()
export class ApiKeySource {
  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) private readonly options: AccessControlOptions,
    private readonly connection: AuthServiceConnection,
    private readonly keys: VerificationKeys,
    private readonly revocations: RevocationGate,
  ) {}

  /**
   * @returns undefined when there is no such key
   * @throws DependencyUnavailableError (503) when it cannot be had, or is not signed by auth-service; 429 for an address
   *   that has shown too many that there are not
   */
  async ask(question: VerifyApiKey): Promise<ApiKeyFacts | undefined> {
    if (this.options.apiKeys !== undefined) return this.options.apiKeys(question);
    const { document } = await this.connection.ask('auth.verify-api-key', question);
    if (document === null) return undefined;
    try {
      return await readApiKeyDocument(document, question, {
        issuer: this.options.issuer,
        now: this.revocations.now(),
        find: (kid) => this.keys.find(kid),
      });
    } catch (error) {
      throw new DependencyUnavailableError('auth-service', { cause: error });
    }
  }
}
