import type { ResponseTimesAnswer } from '@gatehouse/provider-health-contracts';
import type { KnownProviders } from './known-providers.js';

/**
 * Asks for the fleet's response times now and then: they come with each change of a provider's status, and one that is well
 * for long has none. While nobody answers they stay as they were.
 */
export class ResponseTimeFeed {
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  /** @param everyMs about so often; processes that were started together do not ask together */
  constructor(
    private readonly known: Pick<KnownProviders, 'putResponseTimes'>,
    private readonly ask: () => Promise<ResponseTimesAnswer>,
    private readonly everyMs: number,
  ) {}

  start(): void {
    const wait = this.everyMs * (0.5 + Math.random());
    this.timer = setTimeout(() => void this.refresh(), wait).unref();
  }

  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
  }

  private async refresh(): Promise<void> {
    try {
      const { times } = await this.ask();
      if (!this.stopped) this.known.putResponseTimes(new Map(Object.entries(times)));
    } catch {
      // Who is away is told of by what does not bear it.
    }
    if (!this.stopped) this.start();
  }
}
