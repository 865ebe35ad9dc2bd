import { Inject, Injectable } from '@nestjs/common';
import type { ApiKeyFacts, VerifyApiKey } from '@gatehouse/auth-contracts';
import type { AccessControlOptions } from '../access-control-options.js';
import { ACCESS_CONTROL_OPTIONS } from '../access-control.tokens.js';
import { RevocationGate } from '../revocations/revocation.gate.js';
import { ApiKeySource } from './api-key.source.js';
import { RecentAnswers } from './recent-answers.js';

const KNOWN = 10_000;
const KNOWN_MS = 30_000;
/** Apart from the others: keys that somebody makes up push out no key that there is. */
const UNKNOWN = 1_000;
const UNKNOWN_MS = 10_000;

/**
 * What auth-service said of API keys, kept for half a minute by the SHA-256 of the whole key. One question about a key is
 * under way at a time. While the revocations are not known, what is kept is not used.
 */
@Injectable()
export class ApiKeyAnswers {
  private readonly known: RecentAnswers<ApiKeyFacts>;
  private readonly unknown = new RecentAnswers<true>(UNKNOWN, UNKNOWN_MS);
  private readonly pending = new Map<string, Promise<ApiKeyFacts | undefined>>();

  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) { verifiedApiKeys }: AccessControlOptions,
    private readonly source: ApiKeySource,
    private readonly revocations: RevocationGate,
  ) {
    this.known = new RecentAnswers(verifiedApiKeys ?? KNOWN, KNOWN_MS);
  }

  /** @returns undefined when there is no such key. @throws as `ApiKeySource.ask` */
  async find(question: VerifyApiKey): Promise<ApiKeyFacts | undefined> {
    const { digest } = question;
    if (!this.revocations.isFresh) return this.source.ask(question);
    const now = performance.now();
    const known = this.known.get(digest, now);
    if (known !== undefined || this.unknown.get(digest, now) === true) return known;
    const pending = this.pending.get(digest) ?? this.ask(question, now);
    this.pending.set(digest, pending);
    return pending;
  }

  /** For an answer that is of the past. */
  forget(digest: string): void {
    this.known.delete(digest);
  }

  private async ask(question: VerifyApiKey, askedAt: number): Promise<ApiKeyFacts | undefined> {
    const { digest } = question;
    try {
      const facts = await this.source.ask(question);
      if (facts === undefined) this.unknown.add(digest, true, askedAt);
      else this.known.add(digest, facts, askedAt);
      return facts;
    } finally {
      this.pending.delete(digest);
    }
  }
}
