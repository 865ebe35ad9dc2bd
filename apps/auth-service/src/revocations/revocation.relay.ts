import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { AuthBroadcasts } from '@gatehouse/auth-contracts';
import { DatabaseConnection, isDatabaseUnavailable } from '@gatehouse/database';
import { DependencyUnavailableError, DomainError } from '@gatehouse/problem-details';
import { isRedisUnavailable, REDIS, type RedisConnection } from '@gatehouse/redis';
import { Broadcaster } from '@gatehouse/redis-transport';
import { StartGate } from '@gatehouse/service-bootstrap';
import type { RevocationEntity } from './revocation.entity.js';
import { RevocationRepository } from './revocation.repository.js';
import { toRevocation } from './revocation-answer.js';

const EVERY_MS = 1_000;
/** Whoever made it is about to do its consequences himself. */
const YOUNG_MS = 2_000;
const AT_ONCE = 200;
/** Rows of tokens that expired stay a while: a session may outlive them. */
const KEPT_MS = 24 * 3_600_000;

/** What is done about a revocation beside telling every verifier of it: its sessions end. Done again, it does no harm. */
export type RevocationConsequence = (revocation: RevocationEntity) => Promise<void>;

/**
 * Does the consequences of revocations: publishes them first, ends sessions second, and notes that both are done. What
 * was not done, because a process was killed or Redis was away, is done again until it is. A Redis that may have lost
 * something has all of it done anew.
 */
@Injectable()
export class RevocationRelay implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(RevocationRelay.name);
  private readonly consequences: RevocationConsequence[] = [];
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  /** What has been done and not noted yet. */
  private readonly acted: { id: string; on: string }[] = [];
  /** The Redis that there was when it was asked last. */
  private incarnation: string | undefined;
  private noting: Promise<void> | undefined;
  private stopped = false;
  /** Tells that a Redis that may have lost something has been made to know again. */
  private caughtUp: () => void = () => undefined;

  constructor(
    private readonly revocations: RevocationRepository,
    private readonly broadcaster: Broadcaster<AuthBroadcasts>,
    private readonly database: DatabaseConnection,
    @Inject(REDIS) private readonly redis: RedisConnection,
    private readonly gate: StartGate,
  ) {}

  /** Says what else is done about each revocation; to be called before the application has started. */
  also(consequence: RevocationConsequence): void {
    this.consequences.push(consequence);
  }

  onApplicationBootstrap(): void {
    this.gate.hold('revocations', new Promise<void>((resolve) => (this.caughtUp = resolve)));
    this.running = this.database.whenReady().then(() => this.run());
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    if (this.timer !== undefined) await this.running;
    await this.noting;
  }

  /**
   * Does the consequences of these now; what is not done is left to a later run. That all is done is noted a moment later,
   * for many at once: whoever waits has nothing of it, and what is not noted is done again.
   */
  async settle(revocations: readonly RevocationEntity[]): Promise<void> {
    const on = this.incarnation;
    if (revocations.length === 0 || !(await this.act(revocations)) || on === undefined) return;
    this.acted.push(...revocations.map(({ id }) => ({ id, on })));
    this.noting ??= this.noteActed();
  }

  /** @returns whether all is done */
  private async act(revocations: readonly RevocationEntity[]): Promise<boolean> {
    try {
      for (const revocation of revocations) {
        await this.broadcaster.publish('auth.revoked', toRevocation(revocation));
      }
      for (const revocation of revocations) {
        for (const consequence of this.consequences) await consequence(revocation);
      }
      return true;
    } catch (error) {
      this.report(error);
      return false;
    }
  }

  private async noteActed(): Promise<void> {
    while (this.acted.length > 0) {
      const acted = this.acted.splice(0);
      for (const on of new Set(acted.map((one) => one.on))) {
        const ids = acted.filter((one) => one.on === on).map(({ id }) => id);
        await this.revocations.settle(ids, on).catch((error: unknown) => this.report(error));
      }
    }
    this.noting = undefined;
  }

  private async run(): Promise<void> {
    await this.catchUp();
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, EVERY_MS).unref();
  }

  private async catchUp(): Promise<void> {
    try {
      const on = await this.noteRedis();
      let due: RevocationEntity[];
      do {
        due = await this.revocations.unsettled(YOUNG_MS, AT_ONCE);
        if (due.length > 0 && !(await this.act(due))) return;
        if (due.length > 0)
          await this.revocations.settle(
            due.map(({ id }) => id),
            on,
          );
      } while (due.length === AT_ONCE && !this.stopped);
      this.caughtUp();
      await this.revocations.removeExpired(KEPT_MS, AT_ONCE);
    } catch (error) {
      this.report(error);
    }
  }

  /** @returns tells the Redis that there is from another */
  private async noteRedis(): Promise<string> {
    const incarnation = /^run_id:(\w+)/m.exec(await this.redis.info('server'))?.[1];
    if (incarnation === undefined) throw new DependencyUnavailableError('Redis');
    await this.revocations.noteRedis(incarnation);
    this.incarnation = incarnation;
    return incarnation;
  }

  private report(error: unknown): void {
    const away =
      isRedisUnavailable(error) ||
      isDatabaseUnavailable(error) ||
      (error instanceof DomainError && error.status === 503);
    // Each of them says by itself that it is away and back.
    if (!away) this.logger.error({ err: error }, 'Could not do the consequences of a revocation');
  }
}
