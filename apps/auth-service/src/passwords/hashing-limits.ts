import type { Argon2Parameters } from './argon2-parameters.js';

export interface HashingQueueLimits {
  /** Tasks at work at the same time. */
  concurrency: number;
  /** Most that may wait. */
  maxWaiting: number;
  /** A task that has not begun by then is given up: its caller has better things to hear. */
  maxWaitMs: number;
}

/** What a hash at work takes beside its own memory. */
const SURROUNDINGS_BYTES = 5 * 1024 * 1024;
/** Hashes run on the four threads of libuv, on which names are resolved and tokens signed too: one is left to those. */
const MOST_THREADS = 3;
/** At about 20 ms a hash, what waits is worked off within two seconds. */
const WAITING_FOR_EACH = 64;
const MAX_WAIT_MS = 2_000;

/**
 * How many hashes may be at work: no more than there are cores, since each takes one whole, and in a quarter of the memory.
 *
 * @param memoryBytes that the process may use
 */
export function hashingLimits(
  cores: number,
  memoryBytes: number,
  { memoryCost }: Argon2Parameters,
): HashingQueueLimits {
  const byMemory = Math.floor(memoryBytes / 4 / (memoryCost * 1024 + SURROUNDINGS_BYTES));
  const concurrency = Math.max(1, Math.min(cores, MOST_THREADS, byMemory));
  return { concurrency, maxWaiting: concurrency * WAITING_FOR_EACH, maxWaitMs: MAX_WAIT_MS };
}
