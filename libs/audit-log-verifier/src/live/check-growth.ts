import { type Checkpoint, InvalidProofError, verifyGrowth } from '@gatehouse/transparency-log';
import { VerificationFailedError } from '../verification-failed-error.js';
import type { LogSource } from './log-source.js';

/**
 * Checks that the log goes on from a checkpoint that was seen before.
 *
 * @throws VerificationFailedError
 */
export async function checkGrowth(source: LogSource, seen: Checkpoint, now: Checkpoint): Promise<void> {
  if (now.size < seen.size) {
    throw new VerificationFailedError(
      `the checkpoint is older than one that was seen before, of ${seen.size} events: it is replayed, or an older database was restored`,
      now.size,
    );
  }
  const proof = await source.consistency(seen.size, now.size);
  if (proof === undefined) {
    throw new VerificationFailedError(
      `the log cannot prove that it goes on from the ${seen.size} events seen before`,
    );
  }
  try {
    verifyGrowth(seen, now, proof);
  } catch (error) {
    if (!(error instanceof InvalidProofError)) throw error;
    throw new VerificationFailedError(
      `the log does not go on from the ${seen.size} events that were seen before: history was changed`,
      undefined,
      { cause: error },
    );
  }
}
