import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { ProviderBroadcasts, ProviderSnapshot } from '@gatehouse/provider-health-contracts';
import { DomainError } from '@gatehouse/problem-details';
import { isRedisUnavailable } from '@gatehouse/redis';
import { Broadcaster } from '@gatehouse/redis-transport';
import { ResponseTimeTracker } from '../statistics/response-time.tracker.js';
import { HealthRepository, type Reading } from './health.repository.js';
import { toSnapshot, type TrackedProvider } from './tracked-provider.js';

const AGAIN_MS = 500;

/**
 * Tells every process that holds providers of what others can see of one, as it is now. Nobody waits for it; what does not
 * get through is told again until it does, and a receiver takes only what is newer than what it has.
 */
@Injectable()
export class HealthPublisher implements OnApplicationShutdown {
  private readonly logger = new Logger(HealthPublisher.name);
  /** Providers of which somebody has still to be told. */
  private readonly untold = new Set<string>();
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly broadcaster: Broadcaster<ProviderBroadcasts>,
    private readonly health: HealthRepository,
    private readonly responseTimes: ResponseTimeTracker,
  ) {}

  onApplicationShutdown(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  /** Tells of changes that a script has just made. */
  announce(readings: Iterable<Reading>): void {
    for (const { changed, provider } of readings) {
      if (!changed) continue;
      this.publish(this.snapshotOf(provider)).catch((error: unknown) => this.later(provider.name, error));
    }
  }

  /** Tells of a provider as Redis has it now, or that there is none. */
  announceAgain(name: string): void {
    this.tell(name).catch((error: unknown) => this.later(name, error));
  }

  private async tell(name: string): Promise<void> {
    const { providers } = await this.health.read([name]);
    await this.publish(providers[0] === undefined ? { removed: name } : this.snapshotOf(providers[0]));
  }

  private snapshotOf(provider: TrackedProvider): ProviderSnapshot {
    return toSnapshot(provider, this.responseTimes.of(provider.name));
  }

  private async publish(change: ProviderBroadcasts['providers.changed']): Promise<void> {
    await this.broadcaster.publish('providers.changed', change);
  }

  private later(name: string, error: unknown): void {
    // The transport says by itself that Redis is away and back.
    const away = isRedisUnavailable(error) || (error instanceof DomainError && error.status === 503);
    if (!away) this.logger.error({ err: error }, 'A change of a provider could not be told');
    if (this.stopped) return;
    this.untold.add(name);
    this.timer ??= setTimeout(() => this.tellUntold(), AGAIN_MS).unref();
  }

  private tellUntold(): void {
    this.timer = undefined;
    const names = [...this.untold];
    this.untold.clear();
    for (const name of names) this.announceAgain(name);
  }
}
