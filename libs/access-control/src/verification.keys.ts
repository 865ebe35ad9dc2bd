import { Inject, Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTVerifyGetKey,
} from 'jose';
import type { AccessControlOptions } from './access-control-options.js';
import { ACCESS_CONTROL_OPTIONS } from './access-control.tokens.js';

const REFRESH_MS = 5 * 60_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
const FETCH_TIMEOUT_MS = 3_000;
/** A token with an unknown `kid` makes the keys be fetched again, but not more often than this. */
const COOLDOWN_MS = 5_000;

/**
 * The keys that tokens are verified with, found by `kid` and used with the one algorithm that the key states.
 *
 * Keys from a JWKS URL are fetched in the background, at the start and then every five minutes. Keys that were fetched
 * once stay in use while auth-service is away; before the first time, verification answers 503.
 */
@Injectable()
export class VerificationKeys implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(VerificationKeys.name);
  private readonly remote?: ReturnType<typeof createRemoteJWKSet>;
  private local?: { set: JSONWebKeySet; find: JWTVerifyGetKey };
  private timer?: NodeJS.Timeout;
  private failures = 0;
  private stopped = false;

  constructor(@Inject(ACCESS_CONTROL_OPTIONS) private readonly options: AccessControlOptions) {
    if (options.jwksUrl === undefined) return;
    this.remote = createRemoteJWKSet(new URL(options.jwksUrl), {
      timeoutDuration: FETCH_TIMEOUT_MS,
      cooldownDuration: COOLDOWN_MS,
      // Old keys are better than none: they are replaced by `refresh`, never dropped because auth-service is away.
      cacheMaxAge: Infinity,
    });
  }

  onModuleInit(): void {
    if (this.remote !== undefined) void this.refresh();
  }

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Resolves when there are keys to verify with; rejects with the reason otherwise. */
  async check(): Promise<void> {
    if (this.remote !== undefined && this.remote.jwks() === undefined)
      throw new Error('no signing keys fetched yet');
  }

  /**
   * Finds the key for a token's header, as `jose.jwtVerify` asks for it.
   *
   * @throws JWKSNoMatchingKey of jose when no key has this `kid` and `alg`
   * @throws DependencyUnavailableError when the keys cannot be had
   */
  readonly find: JWTVerifyGetKey = async (header, token) => {
    try {
      return await (this.remote ?? (await this.localSet()))(header, token);
    } catch (error) {
      if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JOSENotSupported) throw error;
      throw new DependencyUnavailableError('The signing keys', { cause: error });
    }
  };

  private async localSet(): Promise<JWTVerifyGetKey> {
    if (this.options.keys === undefined) throw new Error('Give AccessControlModule either jwksUrl or keys');
    const set = await this.options.keys();
    if (this.local?.set !== set) this.local = { set, find: createLocalJWKSet(set) };
    return this.local.find;
  }

  /** Fetches the keys now; they replace those that were there. Rejects, and keeps them, when it cannot. */
  async reload(): Promise<void> {
    await this.remote?.reload();
  }

  private async refresh(): Promise<void> {
    try {
      await this.reload();
      if (this.failures > 0) this.logger.log('The signing keys have been fetched');
      this.failures = 0;
    } catch (error) {
      if (this.failures === 0)
        this.logger.warn({ err: error }, 'The signing keys cannot be fetched, trying again');
      this.failures++;
    }
    if (this.stopped) return;
    const delay =
      this.failures === 0
        ? REFRESH_MS
        : Math.min(FIRST_RETRY_MS * 2 ** (this.failures - 1), LONGEST_RETRY_MS);
    this.timer = setTimeout(() => void this.refresh(), delay).unref();
  }
}
