import type { AuthBroadcasts, Revocation } from '@gatehouse/auth-contracts';
import type { BroadcastFeed, BroadcastReceiver } from '@gatehouse/redis-transport';
import type { AccessTokenClaims } from './access-token-claims.js';
import { RevocationSet } from './revocation-set.js';

const SWEEP_MS = 10_000;

/**
 * The revocations as this process knows them: the snapshot, and what was broadcast since. A gap loads it anew. What this
 * process revokes itself it knows at once.
 */
export class RevocationFeed {
  private readonly revoked = new RevocationSet();
  private readonly feed: BroadcastFeed<Revocation>;
  private readonly sweeping: NodeJS.Timeout;
  private loaded: () => void = () => undefined;
  private readonly firstLoad = new Promise<void>((resolve) => (this.loaded = resolve));

  /** @param snapshot every revocation in force, from where they are kept */
  constructor(
    receiver: Pick<BroadcastReceiver<AuthBroadcasts>, 'subscribe'>,
    snapshot: () => Promise<readonly Revocation[]>,
  ) {
    this.feed = receiver.subscribe('auth.revoked', {
      apply: (revocation) => this.revoked.add(revocation),
      reload: async () => {
        // Nothing is ever taken back: what came in meanwhile stays.
        for (const revocation of await snapshot()) this.revoked.add(revocation);
        this.loaded();
      },
    });
    this.sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  isRevoked(claims: AccessTokenClaims): boolean {
    return this.revoked.isRevoked(claims);
  }

  /** For what this process has just committed, before anybody is told. */
  add(revocation: Revocation): void {
    this.revoked.add(revocation);
  }

  /** Resolves when the revocations are known for the first time; until then nothing can be accepted. */
  whenLoaded(): Promise<void> {
    return this.firstLoad;
  }

  /** Milliseconds since it was certain that nothing was missed; `Infinity` before the first load. */
  ageMs(): number {
    return this.feed.ageMs();
  }

  /**
   * The time to decide by whether a token has expired: that of Redis, by which tokens are dated, whatever the clock of this
   * host says. Milliseconds since 1970.
   */
  now(): number {
    return this.feed.time.now();
  }

  async stop(): Promise<void> {
    clearInterval(this.sweeping);
    await this.feed.stop();
  }
  /** What has left must not have left early: a clock that was set forwards may be set back. */
  private sweep(): void {
    const least = this.feed.time.least();
    if (least !== undefined) this.revoked.dropExpired(least);
  }
}
