import type { Revocation } from '@gatehouse/auth-contracts';
import type { AccessTokenClaims } from '../tokens/access-token-claims.js';

/** From when, and until when it is of any use, in milliseconds since 1970. */
interface Entry {
  since: number;
  until: number;
}

interface AccountEntry extends Entry {
  epoch: number;
  exceptSession?: string;
}

/** Some 200 MB: what is more than this no platform has in one lifetime of its tokens. */
const MOST = 1_000_000;
const MOST_OF_ACCOUNT = 1_000;
const LONGEST_ID = 256;

/**
 * The revocations in force, asked on each use of a token. Entries leave at their expiry. There is an end to what it
 * takes: then it says that it is full, and what it has is not all.
 */
export class RevocationSet {
  private readonly ended = new Map<string, Entry>();
  private readonly accounts = new Map<string, AccountEntry[]>();
  private ofAccounts = 0;
  private full = false;

  /** @param most how many it takes */
  constructor(private readonly most = MOST) {}

  /** How many there are. */
  get size(): number {
    return this.ended.size + this.ofAccounts;
  }

  /** Whether there was one that it did not take. */
  get isFull(): boolean {
    return this.full;
  }

  clear(): void {
    this.ended.clear();
    this.accounts.clear();
    this.ofAccounts = 0;
    this.full = false;
  }

  /** A revocation that is known already changes nothing; what is no revocation, or not dated, is none. */
  add(revocation: Revocation): void {
    if (!isRevocation(revocation)) return;
    const [since, until] = [Date.parse(revocation.revokedAt), Date.parse(revocation.expiresAt)];
    if (Number.isNaN(since) || Number.isNaN(until)) return;
    if (this.size >= this.most) {
      this.full = true;
      return;
    }
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
      this.ofAccounts -= list.length - kept.length;
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
    const same = known.find(isSame);
    if (same === undefined && known.length >= MOST_OF_ACCOUNT) {
      this.full = true;
      return;
    }
    if (same === undefined) this.ofAccounts++;
    const merged = { epoch, exceptSession, ...joined(entry, same) };
    this.accounts.set(id, [...known.filter((other) => !isSame(other)), merged]);
  }
}

/** Whoever may publish may publish anything. */
function isRevocation(value: unknown): value is Revocation {
  if (typeof value !== 'object' || value === null) return false;
  const { kind, id, epoch, exceptSession } = value as Record<string, unknown>;
  return (
    KINDS.has(kind) &&
    isId(id) &&
    (epoch === undefined || Number.isSafeInteger(epoch)) &&
    (exceptSession === undefined || isId(exceptSession))
  );
}

const KINDS = new Set<unknown>(['session', 'token', 'account', 'api-key'] satisfies Revocation['kind'][]);
const isId = (value: unknown): boolean => typeof value === 'string' && value.length <= LONGEST_ID;

const joined = (entry: Entry, known: Entry = entry): Entry => ({
  since: Math.min(entry.since, known.since),
  until: Math.max(entry.until, known.until),
});
