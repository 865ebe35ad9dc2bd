import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { AuthBroadcasts, Revocation } from '@gatehouse/auth-contracts';
import type { BroadcastFeed, BroadcastReceiver } from '@gatehouse/redis-transport';
import type { AccessTokenClaims } from '../tokens/access-token-claims.js';
import type { KnownRevocations } from './known-revocations.js';
import { RevocationSet } from './revocation-set.js';

const SWEEP_MS = 10_000;

/** Every revocation in force, in parts, from where they are kept. */
export type RevocationSnapshot = () => AsyncIterable<readonly Revocation[]>;

/**
 * The revocations as this process knows them: the snapshot, and what was broadcast since. A gap loads it anew. What this
 * process revokes itself it knows at once.
 */
export class RevocationFeed implements KnownRevocations, OnApplicationShutdown {
  private readonly logger = new Logger(RevocationFeed.name);
  private readonly revoked: RevocationSet;
  private readonly feed: BroadcastFeed<Revocation>;
  private readonly sweeping: NodeJS.Timeout;
  private readonly listeners = new Set<() => void>();
  private loaded: () => void = () => undefined;
  private readonly firstLoad = new Promise<void>((resolve) => (this.loaded = resolve));

  /** @param most how many it holds; with more it knows nothing, and loads them anew */
  constructor(
    receiver: Pick<BroadcastReceiver<AuthBroadcasts>, 'subscribe'>,
    snapshot: RevocationSnapshot,
    most?: number,
  ) {
    this.revoked = new RevocationSet(most);
    this.feed = receiver.subscribe('auth.revoked', {
      apply: (revocation) => this.add(revocation),
      reload: async () => {
        // Nothing is ever taken back: what came in meanwhile stays.
        for await (const part of snapshot()) for (const revocation of part) this.revoked.add(revocation);
        this.loaded();
        this.tell();
      },
    });
    this.sweeping = setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  /** How many there are. */
  get size(): number {
    return this.revoked.size;
  }

  /** @param at when the token was used, where that is not now */
  isRevoked(claims: AccessTokenClaims, at?: Date): boolean {
    return this.revoked.isRevoked(claims, at?.getTime());
  }

  isApiKeyRevoked(id: string): boolean {
    return this.revoked.hasApiKey(id);
  }

  /** For what this process has just committed, before anybody is told. */
  add(revocation: Revocation): void {
    this.revoked.add(revocation);
    this.tell();
  }

  /** Calls the listener whenever there may be a revocation more. @returns stops that */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** Resolves when the revocations are known for the first time; until then nothing can be accepted. */
  whenLoaded(): Promise<void> {
    return this.firstLoad;
  }

  /** Milliseconds since it was certain that nothing was missed; `Infinity` before the first load. */
  ageMs(): number {
    return this.revoked.isFull ? Number.POSITIVE_INFINITY : this.feed.ageMs();
  }

  /**
   * The time to decide by whether a token has expired: that of Redis, by which tokens are dated, whatever the clock of this
   * host says. Milliseconds since 1970.
   */
  now(): number {
    return this.feed.time.now();
  }

  onApplicationShutdown(): Promise<void> {
    return this.stop();
  }

  async stop(): Promise<void> {
    clearInterval(this.sweeping);
    await this.feed.stop();
  }

  /** What has left must not have left early: a clock that was set forwards may be set back. */
  private sweep(): void {
    if (this.revoked.isFull) {
      this.logger.error(
        `More than ${this.revoked.size} revocations: none is known until they are loaded anew`,
      );
      this.revoked.clear();
      return void this.feed.restart();
    }
    const least = this.feed.time.least();
    if (least !== undefined) this.revoked.dropExpired(least);
  }

  private tell(): void {
    for (const listener of this.listeners) listener();
  }
}
