import type { Argon2Parameters } from './argon2-parameters.js';

export interface HashingQueueLimits {
  /** Tasks at work at the same time. */
  concurrency: number;
  /** Most that may wait. */
  maxWaiting: number;
  /** A task that has not begun by then is given up: its caller has better things to hear. */
  maxWaitMs: number;
}

/** What a hash at work takes beside its own memory: its thread. */
const SURROUNDINGS_BYTES = 5 * 1024 * 1024;
/** At about 20 ms a hash, what waits is worked off within two seconds. */
const WAITING_FOR_EACH = 64;
const MAX_WAIT_MS = 2_000;

/**
 * How many hashes may be at work: no more than there are cores, since each takes one whole, and in a quarter of the memory.
 *
 * @param of.cores that hashes may keep busy
 * @param of.memoryBytes that the process may use
 * @param of.cost of a hash
 */
export function hashingLimits(of: {
  cores: number;
  memoryBytes: number;
  cost: Argon2Parameters;
}): HashingQueueLimits {
  const bytesOfEach = of.cost.memoryCost * 1024 + SURROUNDINGS_BYTES;
  const byMemory = Math.floor(of.memoryBytes / 4 / bytesOfEach);
  const concurrency = Math.max(1, Math.min(of.cores, byMemory));
  return { concurrency, maxWaiting: concurrency * WAITING_FOR_EACH, maxWaitMs: MAX_WAIT_MS };
}
