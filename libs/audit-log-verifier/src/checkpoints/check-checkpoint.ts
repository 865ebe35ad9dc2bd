import { type TrustedLog, type VerifiedCheckpoint, verifyCheckpoint } from '@gatehouse/transparency-log';
import { VerificationFailedError } from '../verification-failed-error.js';

/** @throws VerificationFailedError unless a key of the log has signed it */
export function checkCheckpoint(note: string, log: TrustedLog): VerifiedCheckpoint {
  try {
    return verifyCheckpoint(note, log);
  } catch (error) {
    const reason = error instanceof Error ? error.message : 'unknown';
    throw new VerificationFailedError(`the checkpoint is not signed by this log: ${reason}`, undefined, {
      cause: error,
    });
  }
}
