import { Logger } from '@nestjs/common';
import type { ProviderBroadcasts, ProviderSnapshot } from '@gatehouse/provider-health-contracts';
import type { BroadcastFeed, BroadcastReceiver } from '@gatehouse/redis-transport';
import { isChange } from './known-provider.js';
import { KnownProviders } from './known-providers.js';

/** Is told what the feed has made of the known providers. */
export interface ProviderFeedListener {
  /** One is another now, or gone. */
  changed(name: string): void;
  /** A snapshot is about to be asked for. @returns is called when it is what is known */
  loading(): () => void;
}

/**
 * The providers as this process knows them: the snapshot, and what was broadcast since. A gap, or a Redis that lost data,
 * loads them anew, and then nothing of before counts.
 */
export class ProviderFeed {
  private readonly logger = new Logger(ProviderFeed.name);
  private readonly feed: BroadcastFeed<ProviderBroadcasts['providers.changed']>;
  private hasLoaded = false;
  private loaded: () => void = () => undefined;
  private readonly firstLoad = new Promise<void>((resolve) => (this.loaded = resolve));

  constructor(
    receiver: Pick<BroadcastReceiver<ProviderBroadcasts>, 'subscribe'>,
    private readonly known: KnownProviders,
    private readonly snapshot: () => Promise<{ providers: readonly ProviderSnapshot[] }>,
    private readonly listener: ProviderFeedListener,
  ) {
    this.feed = receiver.subscribe('providers.changed', {
      apply: (change) => this.apply(change),
      reload: () => this.load(),
    });
  }

  /** Whether there is anything to decide by. */
  get isLoaded(): boolean {
    return this.hasLoaded;
  }

  /** Resolves with the first load. */
  whenLoaded(): Promise<void> {
    return this.firstLoad;
  }

  /** Milliseconds since it was certain that nothing was missed; `Infinity` before the first load. */
  ageMs(): number {
    return this.feed.ageMs();
  }

  /** By the clock of Redis, as far as it is known, milliseconds since 1970. */
  now(): number {
    return this.feed.time.now();
  }

  /** Loads everything anew; what is known stays until then. */
  refresh(): Promise<void> {
    return this.feed.refresh();
  }

  stop(): Promise<void> {
    return this.feed.stop();
  }

  private apply(change: unknown): void {
    if (!isChange(change)) {
      this.logger.warn('What was broadcast of a provider is none, and is left out');
      return;
    }
    if ('removed' in change) {
      this.known.remove(change.removed);
      this.listener.changed(change.removed);
    } else if (this.known.put(change)) this.listener.changed(change.provider.name);
  }

  private async load(): Promise<void> {
    const done = this.listener.loading();
    const { providers } = await this.snapshot();
    this.known.replace(providers.filter(isChange));
    this.hasLoaded = true;
    done();
    this.loaded();
  }
}
