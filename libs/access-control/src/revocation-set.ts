import type { Revocation } from '@gatehouse/auth-contracts';
import type { AccessTokenClaims } from './access-token-claims.js';

/** The revocations in force, asked on each use of a token. Entries leave at their expiry. */
export class RevocationSet {
  private readonly ended = new Map<string, number>();
  private readonly accounts = new Map<string, { epoch: number; exceptSession?: string; until: number }[]>();

  /** How many there are. */
  get size(): number {
    return this.ended.size + this.accounts.size;
  }

  /** A revocation that is known already changes nothing. */
  add(revocation: Revocation): void {
    const until = Date.parse(revocation.expiresAt);
    if (revocation.kind === 'account') return this.addAccount(revocation, until);
    const key = `${revocation.kind}:${revocation.id}`;
    this.ended.set(key, Math.max(until, this.ended.get(key) ?? until));
  }

  /** Whether a token with these claims is not accepted any more. */
  isRevoked({ sub, sid, jti, epoch }: AccessTokenClaims): boolean {
    if (this.ended.size > 0) {
      if (sid !== undefined && this.ended.has(`session:${sid}`)) return true;
      if (this.ended.has(`token:${jti}`)) return true;
    }
    const accounts = this.accounts.get(sub);
    return (
      accounts?.some(
        (account) => (epoch ?? 0) < account.epoch && (sid === undefined || sid !== account.exceptSession),
      ) ?? false
    );
  }

  hasApiKey(id: string): boolean {
    return this.ended.has(`api-key:${id}`);
  }

  /** @param now milliseconds since 1970 */
  dropExpired(now: number): void {
    for (const [key, until] of this.ended) if (until <= now) this.ended.delete(key);
    for (const [id, list] of this.accounts) {
      const kept = list.filter(({ until }) => until > now);
      if (kept.length === 0) this.accounts.delete(id);
      else this.accounts.set(id, kept);
    }
  }

  private addAccount({ id, epoch = 0, exceptSession }: Revocation, until: number): void {
    const known = this.accounts.get(id) ?? [];
    const others = known.filter((entry) => entry.epoch !== epoch || entry.exceptSession !== exceptSession);
    this.accounts.set(id, [...others, { epoch, exceptSession, until }]);
  }
}
