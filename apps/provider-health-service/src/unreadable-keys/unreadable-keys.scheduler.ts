import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { isDatabaseUnavailable } from '@gatehouse/database';
import { DomainError } from '@gatehouse/problem-details';
import { isRedisUnavailable } from '@gatehouse/redis';
import type { Subscription } from 'rxjs';
import { ProviderKeys } from '../provider-keys/provider.keys.js';
import { ProviderManager } from '../providers/provider.manager.js';
import { UnknownProviderError } from '../providers/providers.errors.js';
import { UnreadableKeyRecorder } from './unreadable-key.recorder.js';

const EVERY_MS = 30_000;
const AGAIN_MS = 1_000;
const PAGE = 200;

/** Looks at the start and now and then whether every key can be opened, and hears of one that could not when it was used. */
@Injectable()
export class UnreadableKeysScheduler implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly logger = new Logger(UnreadableKeysScheduler.name);
  private subscription: Subscription | undefined;
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly keys: ProviderKeys,
    private readonly providers: ProviderManager,
    private readonly recorder: UnreadableKeyRecorder,
  ) {}

  onApplicationBootstrap(): void {
    this.subscription = this.keys.unreadable.subscribe(({ provider, keyId }) => {
      this.recorder.recordUnreadable(provider, keyId).catch((error: unknown) => this.say(error));
    });
    this.running = this.run();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    this.subscription?.unsubscribe();
    clearTimeout(this.timer);
    await this.running;
  }

  /** Tries every key that there is. */
  async lookAtAll(): Promise<void> {
    for (let after: string | undefined; !this.stopped;) {
      const page = await this.providers.list({ after, limit: PAGE });
      const names = page.map(({ name }) => name);
      await this.recorder.record(names, await this.keys.readings(names));
      after = names.at(-1);
      if (page.length < PAGE) return;
    }
  }

  private async run(): Promise<void> {
    let next = EVERY_MS;
    try {
      await this.lookAtAll();
    } catch (error) {
      this.say(error);
      next = AGAIN_MS;
    }
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.run();
    }, next).unref();
  }

  private say(error: unknown): void {
    // Each of them says by itself that it is away and back; a provider may be deleted meanwhile.
    const away =
      isRedisUnavailable(error) ||
      isDatabaseUnavailable(error) ||
      (error instanceof DomainError && error.status === 503);
    if (!away && !(error instanceof UnknownProviderError))
      this.logger.error({ err: error }, 'Whether the keys of providers can be opened could not be noted');
  }
}
