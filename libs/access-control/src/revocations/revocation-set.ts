import type { Revocation } from '@gatehouse/auth-contracts';
import type { AccessTokenClaims } from '../access-token-claims.js';

/** From when, and until when it is of any use, in milliseconds since 1970. */
interface Entry {
  since: number;
  until: number;
}

interface AccountEntry extends Entry {
  epoch: number;
  exceptSession?: string;
}

/** The revocations in force, asked on each use of a token. Entries leave at their expiry. */
export class RevocationSet {
  private readonly ended = new Map<string, Entry>();
  private readonly accounts = new Map<string, AccountEntry[]>();

  /** How many there are. */
  get size(): number {
    return this.ended.size + this.accounts.size;
  }

  /** A revocation that is known already changes nothing; one that is not dated is none. */
  add(revocation: Revocation): void {
    const [since, until] = [Date.parse(revocation.revokedAt), Date.parse(revocation.expiresAt)];
    if (Number.isNaN(since) || Number.isNaN(until)) return;
    if (revocation.kind === 'account') return this.addAccount(revocation, { since, until });
    const key = `${revocation.kind}:${revocation.id}`;
    this.ended.set(key, joined({ since, until }, this.ended.get(key)));
  }

  /**
   * Whether a token with these claims is not accepted any more.
   *
   * @param at when it was used, milliseconds since 1970: what was revoked later does not matter; now where not given
   */
  isRevoked({ sub, sid, jti, epoch }: AccessTokenClaims, at = Number.POSITIVE_INFINITY): boolean {
    if (this.ended.size > 0) {
      if (sid !== undefined && this.has(`session:${sid}`, at)) return true;
      if (this.has(`token:${jti}`, at)) return true;
    }
    const accounts = this.accounts.get(sub);
    return (
      accounts?.some(
        (account) =>
          account.since <= at &&
          (epoch ?? 0) < account.epoch &&
          (sid === undefined || sid !== account.exceptSession),
      ) ?? false
    );
  }

  hasApiKey(id: string): boolean {
    return this.ended.has(`api-key:${id}`);
  }

  /** @param now milliseconds since 1970 */
  dropExpired(now: number): void {
    for (const [key, { until }] of this.ended) if (until <= now) this.ended.delete(key);
    for (const [id, list] of this.accounts) {
      const kept = list.filter(({ until }) => until > now);
      if (kept.length === 0) this.accounts.delete(id);
      else if (kept.length < list.length) this.accounts.set(id, kept);
    }
  }

  private has(key: string, at: number): boolean {
    const entry = this.ended.get(key);
    return entry !== undefined && entry.since <= at;
  }

  private addAccount({ id, epoch = 0, exceptSession }: Revocation, entry: Entry): void {
    const known = this.accounts.get(id) ?? [];
    const isSame = (other: AccountEntry) => other.epoch === epoch && other.exceptSession === exceptSession;
    const merged = { epoch, exceptSession, ...joined(entry, known.find(isSame)) };
    this.accounts.set(id, [...known.filter((other) => !isSame(other)), merged]);
  }
}

const joined = (entry: Entry, known: Entry = entry): Entry => ({
  since: Math.min(entry.since, known.since),
  until: Math.max(entry.until, known.until),
});
