/** How a service uses its own database. Times in milliseconds. */
export interface DatabaseSettings<Entity = unknown, Migration = unknown> {
  /** `postgres://user:password@host:port/database`; the database is created when the server lacks it. */
  readonly url: string;
  /** Shown in `pg_stat_activity`, e.g. `auth-service`. */
  readonly applicationName: string;
  readonly entities: readonly Entity[];
  /** Run in order at the start, under an advisory lock, each in a transaction of its own. */
  readonly migrations: readonly Migration[];
  /**
   * The role that queries run as, where the user of the URL may take it; migrations run as that user. A role that is not there
   * is left alone.
   */
  readonly role?: string;
  /** Connections at most; 10 where not given. */
  readonly poolSize?: number;
  /** How long a query waits for a connection; 3,000 where not given. */
  readonly connectTimeoutMs?: number;
  /** How long a statement may run; 10,000 where not given. */
  readonly statementTimeoutMs?: number;
}

export const DEFAULT_POOL_SIZE = 10;
export const DEFAULT_CONNECT_TIMEOUT_MS = 3_000;
export const DEFAULT_STATEMENT_TIMEOUT_MS = 10_000;

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5_000;

/**
 * How long to wait before the next attempt: doubled from 200 ms to 5 s, less up to a quarter by `chance`, so that
 * replicas do not come back in step.
 *
 * @param attempt 0 for the first
 * @param chance 0 to 1
 */
export function retryDelayMs(attempt: number, chance: number): number {
  const delay = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(delay * (1 - chance / 4));
}
