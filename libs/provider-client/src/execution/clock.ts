/** The time as executions need it; `SystemClock`, or a test's own. */
export interface Clock {
  /** Milliseconds, never going back. */
  now(): number;
  /** Milliseconds since 1970. */
  date(): number;
  /** Runs something later; what it gives cancels that. */
  after(ms: number, run: () => void): () => void;
}
