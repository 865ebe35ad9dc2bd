import type { NoteSigner } from '../notes/note-signer.js';
import { signNote } from '../notes/note-signer.js';
import type { NoteSignature } from '../notes/note.js';
import type { NoteVerifier } from '../notes/note-verifier.js';
import { verifyNote } from '../notes/verify-note.js';
import {
  type Checkpoint,
  formatCheckpoint,
  MalformedCheckpointError,
  parseCheckpoint,
} from './checkpoint.js';

/** A log, and the keys that its checkpoints are believed by. */
export interface TrustedLog {
  readonly origin: string;
  /** One of them must have signed; the old and the new one, while a key is replaced. */
  readonly keys: readonly NoteVerifier[];
}

/** A checkpoint that a key of its log has signed. */
export interface VerifiedCheckpoint extends Checkpoint {
  /** The signatures by keys of the log. */
  readonly signatures: readonly NoteSignature[];
}

/**
 * Writes and signs a checkpoint. Whoever signs sees to it that the tree goes on from the last one that was signed
 * (`verifyGrowth`).
 *
 * @returns the signed note
 * @throws MalformedCheckpointError
 */
export function signCheckpoint(checkpoint: Checkpoint, signers: readonly NoteSigner[]): string {
  return signNote({ text: formatCheckpoint(checkpoint), signatures: [] }, signers);
}

/**
 * Reads a signed checkpoint of a log.
 *
 * @throws MalformedNoteError
 * @throws UnverifiedNoteError when no key of the log has signed it, or a signature by one does not hold
 * @throws MalformedCheckpointError also for a checkpoint of another log
 */
export function verifyCheckpoint(
  note: string | Uint8Array,
  { origin, keys }: TrustedLog,
): VerifiedCheckpoint {
  const { text, signatures } = verifyNote(note, keys);
  const checkpoint = parseCheckpoint(text);
  if (checkpoint.origin !== origin) throw new MalformedCheckpointError('It is of another log');
  return { ...checkpoint, signatures };
}
