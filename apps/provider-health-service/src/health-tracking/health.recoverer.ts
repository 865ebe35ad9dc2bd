import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { DatabaseConnection, isDatabaseUnavailable } from '@gatehouse/database';
import { isRedisUnavailable, REDIS, type RedisConnection } from '@gatehouse/redis';
import { ComparisonRepository } from './comparison.repository.js';
import { HealthReconciler } from './health.reconciler.js';
import { HealthSeeder } from './health.seeder.js';

const EVERY_MS = 1_000;

/**
 * Sees to it that a Redis that came back as another, and may be older than what is recorded, is made to know again: every
 * provider is compared with PostgreSQL, once for each incarnation of Redis, by whichever replica notices first. And that
 * changes of providers come to Redis, whatever became of the replica that made them.
 */
@Injectable()
export class HealthRecoverer implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(HealthRecoverer.name);
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    private readonly comparisons: ComparisonRepository,
    private readonly seeder: HealthSeeder,
    private readonly reconciler: HealthReconciler,
    private readonly database: DatabaseConnection,
  ) {}

  onApplicationBootstrap(): void {
    // At once when the connection is back, and now and then: a cluster moves slots without a word.
    this.redis.on('ready', this.hurry);
    void this.database.whenReady().then(this.hurry, () => undefined);
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.redis.off('ready', this.hurry);
    clearTimeout(this.timer);
    await this.running;
  }

  private readonly hurry = (): void => {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.running = this.running.then(() => this.run());
  };

  private async run(): Promise<void> {
    try {
      await this.compare();
      await this.reconciler.reconcileWhenDue();
    } catch (error) {
      // Each of them says by itself that it is away and back.
      if (!isRedisUnavailable(error) && !isDatabaseUnavailable(error))
        this.logger.error({ err: error }, 'Redis could not be compared with PostgreSQL');
    }
    clearTimeout(this.timer);
    if (!this.stopped) this.timer = setTimeout(this.hurry, EVERY_MS).unref();
  }

  private async compare(): Promise<void> {
    const [incarnation, compared] = await Promise.all([
      this.comparisons.incarnation(),
      this.comparisons.compared(),
    ]);
    if (incarnation === undefined || incarnation === compared) return;
    await this.seeder.seedEveryOne();
    await this.comparisons.noteCompared(incarnation);
    this.logger.log('Redis is another one: every provider was compared with what is recorded');
  }
}
