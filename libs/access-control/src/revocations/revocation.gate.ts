import { Inject, Injectable, Optional } from '@nestjs/common';
import type { AccessControlOptions } from '../access-control-options.js';
import { RevocationsUnknownError, UnauthenticatedError } from '../access-control.errors.js';
import { ACCESS_CONTROL_OPTIONS, REVOCATION_FEED } from '../access-control.tokens.js';
import type { AccessRequirement } from '../guards/access-requirement.js';
import type { AccessTokenClaims } from '../tokens/access-token-claims.js';
import type { KnownRevocations } from './known-revocations.js';
import { DEFAULT_STALENESS, mayDecide, type StalenessPolicy } from './revocation-staleness.js';

type Asked = Pick<AccessRequirement, 'role' | 'permissions' | 'anyPermission'>;

/**
 * Asks the revocations on each use of a token or key. Where they are off (no Redis is configured) it lets everything
 * through that has not expired.
 */
@Injectable()
export class RevocationGate {
  private readonly policy: StalenessPolicy;

  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) options: AccessControlOptions,
    @Optional() @Inject(REVOCATION_FEED) private readonly feed?: KnownRevocations,
  ) {
    this.policy = { ...DEFAULT_STALENESS, ...options.staleness };
  }

  /** Milliseconds since it was certain that no revocation was missed; undefined where they are off. */
  ageMs(): number | undefined {
    return this.feed?.ageMs();
  }

  /**
   * The time by which it is decided whether something has expired, milliseconds since 1970: that of Redis, by which tokens
   * are dated, whatever the clock of this host says; where revocations are off, that of the host.
   */
  now(): number {
    return this.feed?.now() ?? Date.now();
  }

  /** How many revocations are known. */
  get size(): number {
    return this.feed?.size ?? 0;
  }

  /**
   * @param at when it was used, where that is not now
   * @throws UnauthenticatedError when it is revoked
   * @throws RevocationsUnknownError (503) when the revocations were never loaded
   */
  demandUnrevoked(claims: AccessTokenClaims, at?: Date): void {
    if (this.feed === undefined) return;
    if (this.feed.ageMs() === Number.POSITIVE_INFINITY) throw new RevocationsUnknownError();
    if (this.feed.isRevoked(claims, at)) throw new UnauthenticatedError({ reason: 'the token was revoked' });
  }

  /** @throws UnauthenticatedError when the key was deleted, RevocationsUnknownError as above */
  demandApiKeyUnrevoked(id: string): void {
    if (this.feed === undefined) return;
    if (this.feed.ageMs() === Number.POSITIVE_INFINITY) throw new RevocationsUnknownError();
    if (this.feed.isApiKeyRevoked(id))
      throw new UnauthenticatedError({ reason: 'it was deleted', credential: 'API key' });
  }

  /** Whether an account has changed since it had this epoch: whatever was known of it then is to be asked anew. */
  isOfThePast({ id, epoch }: { id: string; epoch: number }): boolean {
    const anyToken = { type: 'access', client_id: '', jti: '' } as const;
    return this.feed?.isRevoked({ ...anyToken, sub: id, epoch }) ?? false;
  }

  /** Whether all revocations are known, but for those of the last seconds. */
  get isFresh(): boolean {
    return (this.feed?.ageMs() ?? 0) <= this.policy.maxStalenessMs;
  }

  /** @throws RevocationsUnknownError (503) when they are too old to decide on what is asked */
  demandFresh(asked: Asked): void {
    if (this.feed !== undefined && !mayDecide(this.feed.ageMs(), asked, this.policy))
      throw new RevocationsUnknownError();
  }

  /** For readiness: rejects when nothing can be accepted. */
  async check(): Promise<{ ageMs: number; revocations: number } | undefined> {
    if (this.feed === undefined) return undefined;
    const ageMs = Math.round(this.feed.ageMs());
    if (ageMs === Number.POSITIVE_INFINITY) throw new Error('the revocations were never loaded');
    if (ageMs > Math.max(this.policy.maxOutageMs, this.policy.maxStalenessMs))
      throw new Error(`the revocations are ${Math.round(ageMs / 1000)} s old`);
    return { ageMs, revocations: this.feed.size };
  }
}
