import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import type { BroadcastFeed } from '@gatehouse/redis-transport';
import type { JSONWebKeySet } from 'jose';
import type { AccessControlOptions } from '../access-control-options.js';
import { ACCESS_CONTROL_OPTIONS } from '../access-control.tokens.js';
import { AuthServiceConnection } from '../auth-service.connection.js';
import { fetchKeySet } from './fetch-key-set.js';
import { type KeySet, readKeySet, sharedSecretKey, type VerificationKey } from './key-set.js';
import { NextRun } from '../next-run.js';

const REFRESH_MS = 5 * 60_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
/** A token with an unknown `kid` makes the keys be fetched again, but not more often than this. */
const COOLDOWN_MS = 5_000;

/**
 * The keys that tokens are verified with, found by `kid`.
 *
 * Keys from a JWKS URL are fetched in the background: at the start, every five minutes, at once when auth-service
 * broadcasts that they changed, and when a token names one that is not known. Keys that were fetched once stay in use
 * while auth-service is away; before the first time, verification answers 503.
 */
@Injectable()
export class VerificationKeys implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(VerificationKeys.name);
  private readonly shared?: VerificationKey;
  private readonly fetching: NextRun<void>;
  private set?: KeySet;
  private source?: JSONWebKeySet;
  private feed?: BroadcastFeed;
  private timer?: NodeJS.Timeout;
  private failures = 0;
  private triedAt = Number.NEGATIVE_INFINITY;
  private stopped = false;

  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) private readonly options: AccessControlOptions,
    private readonly connection: AuthServiceConnection,
  ) {
    const { secret, jwksUrl, keys } = options;
    if (jwksUrl === undefined && keys === undefined && secret === undefined)
      throw new TypeError('Give AccessControlModule either jwksUrl or keys');
    if (secret !== undefined) this.shared = sharedSecretKey(secret);
    this.fetching = new NextRun(() => this.fetch());
  }

  onModuleInit(): void {
    if (this.options.jwksUrl === undefined) return;
    void this.refresh();
    const refresh = () => void this.refresh();
    // A hint and no more: what the keys are is told by auth-service itself.
    this.feed = this.connection.receiver?.subscribe('auth.keys-changed', { apply: refresh, reload: refresh });
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.feed?.stop();
  }

  /** Resolves when there are keys to verify with; rejects with the reason otherwise. */
  async check(): Promise<void> {
    if (this.options.jwksUrl !== undefined && this.set === undefined)
      throw new Error('no signing keys fetched yet');
  }

  /**
   * The key with this `kid`. One that is not known makes the keys be fetched, once for all who ask and at most every
   * five seconds.
   *
   * @returns undefined when there is none
   * @throws DependencyUnavailableError when the keys cannot be had
   */
  async find(kid: string): Promise<VerificationKey | undefined> {
    const known = await this.known(kid);
    if (known !== undefined || this.options.jwksUrl === undefined) return known;
    const waits = this.set !== undefined && performance.now() - this.triedAt < COOLDOWN_MS;
    if (!waits) await this.reload();
    // They cannot be had just now, so whether there is such a key cannot be said.
    else if (this.failures > 0) throw new DependencyUnavailableError('The signing keys');
    return this.set?.get(kid);
  }

  /** Whether the key is still among those that tokens are signed with. */
  async isInUse(key: VerificationKey): Promise<boolean> {
    return (await this.known(key.kid)) === key;
  }

  /**
   * Fetches the keys now; they replace those that were there.
   *
   * @throws DependencyUnavailableError, and keeps them, when they cannot be had
   */
  async reload(): Promise<void> {
    if (this.options.jwksUrl !== undefined) await this.fetching.run();
  }

  private async known(kid: string): Promise<VerificationKey | undefined> {
    if (this.shared?.kid === kid) return this.shared;
    if (this.options.keys !== undefined) await this.readOwn(this.options.keys);
    return this.set?.get(kid);
  }

  private async readOwn(keys: () => Promise<JSONWebKeySet>): Promise<void> {
    try {
      const source = await keys();
      if (this.source === source) return;
      this.set = readKeySet(source, this.set);
      this.source = source;
    } catch (error) {
      throw new DependencyUnavailableError('The signing keys', { cause: error });
    }
  }

  private async fetch(): Promise<void> {
    this.triedAt = performance.now();
    try {
      this.set = readKeySet(await fetchKeySet(this.options.jwksUrl ?? ''), this.set);
      if (this.failures > 0) this.logger.log('The signing keys have been fetched');
      this.failures = 0;
    } catch (error) {
      if (this.failures === 0)
        this.logger.warn({ err: error }, 'The signing keys cannot be fetched, trying again');
      this.failures++;
      throw new DependencyUnavailableError('The signing keys', { cause: error });
    }
  }

  private async refresh(): Promise<void> {
    await this.reload().catch(() => undefined);
    if (this.stopped) return;
    const retryMs = Math.min(FIRST_RETRY_MS * 2 ** (this.failures - 1), LONGEST_RETRY_MS);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.refresh(), this.failures === 0 ? REFRESH_MS : retryMs).unref();
  }
}
