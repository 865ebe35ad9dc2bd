const TTL_MS = 10_000;
const BUCKET_MS = 1_000;
const BUCKETS = TTL_MS / BUCKET_MS;
/** So many tries again are paid by one call. */
const SHARE = 0.2;
/** And so many a second are free, so that little traffic may retry too. */
const FREE_PER_SECOND = 10;

/**
 * How many tries again a process may make, as Finagle's `RetryBudget`: a fifth of the calls of the last ten seconds and ten
 * a second. It bounds what retries add to a provider that is failing, whatever the number of calls.
 */
export class RetryBudget {
  /** Of each second of the last ten: calls less what tries again have cost. */
  private readonly balances = new Array<number>(BUCKETS).fill(0);
  private second = 0;

  /** Takes note of a call. @param now milliseconds, of a clock that never goes back */
  deposit(now: number): void {
    this.add(SHARE, now);
  }

  /** Whether one try again may be made; if so it is paid. */
  withdraw(now: number): boolean {
    this.add(0, now);
    const balance = this.balances.reduce((sum, of) => sum + of, FREE_PER_SECOND * BUCKETS);
    // Sums of fifths are not exact.
    if (balance < 1 - 1e-9) return false;
    this.add(-1, now);
    return true;
  }

  private add(amount: number, now: number): void {
    const second = Math.floor(now / BUCKET_MS);
    const passed = Math.min(second - this.second, BUCKETS);
    for (let index = 0; index < passed; index++) this.balances[(second - index) % BUCKETS] = 0;
    this.second = Math.max(second, this.second);
    const bucket = this.second % BUCKETS;
    this.balances[bucket] = (this.balances[bucket] ?? 0) + amount;
  }
}
