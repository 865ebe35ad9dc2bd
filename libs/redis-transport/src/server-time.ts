/** What `TIME` of Redis answers, in milliseconds since 1970. */
export function toMilliseconds([seconds, microseconds]: readonly [string | number, string | number]): number {
  return Number(seconds) * 1_000 + Math.floor(Number(microseconds) / 1_000);
}

/** Further apart than this, the host's clock was set since it was compared, or the process stood still. */
const STEP_MS = 1_000;

interface Told {
  /** Milliseconds since 1970, as the server said. */
  readonly server: number;
  /** The same by this host's clock, when it was told. */
  readonly host: number;
  /** By a clock that nobody sets. */
  readonly monotonic: number;
}

/**
 * The time by the clock of Redis, reckoned on from when it was last told by the monotonic clock. The host's own clock may
 * be wrong, and may be set. Times in milliseconds since 1970.
 */
export class ServerTime {
  private told?: Told;

  constructor(
    private readonly hostNow: () => number = () => Date.now(),
    private readonly monotonicNow: () => number = () => performance.now(),
  ) {}

  /** @param at on both clocks of this host: now, or when it was asked, so that what is reckoned is not too early */
  tell(server: number, at = this.read()): void {
    this.told = { server, ...at };
  }

  /** Both clocks of this host. */
  read(): Pick<Told, 'host' | 'monotonic'> {
    return { host: this.hostNow(), monotonic: this.monotonicNow() };
  }

  /** It is as late as this at least, however the host's clock is set; undefined before it was told. */
  least(): number | undefined {
    return this.told && this.told.server + this.monotonicNow() - this.told.monotonic;
  }

  /**
   * The time as it is reckoned, where nothing speaks against it: it was told no longer ago than that, and since then the
   * host's clock was not set and the process did not stand still.
   */
  certain(withinMs: number): number | undefined {
    const reckoned = this.least();
    if (this.told === undefined || reckoned === undefined || this.hasStepped(reckoned)) return undefined;
    return reckoned - this.told.server > withinMs ? undefined : reckoned;
  }

  /**
   * The time to decide by whether something is over. While it cannot be known, because the host's clock was set or the
   * process stood still since it was told, it is the later one: nothing that is over comes back.
   */
  now(): number {
    const host = this.hostNow();
    const reckoned = this.least();
    if (this.told === undefined || reckoned === undefined) return host;
    return this.hasStepped(reckoned) ? Math.max(host, reckoned) : reckoned;
  }

  private hasStepped(reckoned: number): boolean {
    if (this.told === undefined) return false;
    return Math.abs(this.hostNow() - this.told.host - (reckoned - this.told.server)) > STEP_MS;
  }
}
