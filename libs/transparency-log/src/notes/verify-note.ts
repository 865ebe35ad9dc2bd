import { type Note, type NoteSignature, parseNote } from './note.js';
import type { NoteVerifier } from './note-verifier.js';

/** A note that at least one known key has signed. */
export interface VerifiedNote extends Note {
  /** The signatures that hold, one for each known key that signed; those of other keys are left out. */
  readonly signatures: readonly NoteSignature[];
}

/** No known key has signed the note, or a signature by one does not hold. */
export class UnverifiedNoteError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'UnverifiedNoteError';
  }
}

/**
 * Reads a note and checks its signatures. Those of unknown keys are ignored; every one by a known key must hold (C2SP
 * signed-note, "Signatures").
 *
 * @param known the keys that are believed
 * @throws MalformedNoteError
 * @throws UnverifiedNoteError
 */
export function verifyNote(input: string | Uint8Array, known: readonly NoteVerifier[]): VerifiedNote {
  const { text, signatures } = parseNote(input);
  const verified = new Map<NoteVerifier, NoteSignature>();
  for (const signature of signatures) {
    for (const verifier of known.filter(
      ({ name, keyId }) => name === signature.name && keyId === signature.keyId,
    )) {
      if (!verifier.verify(text, signature.signature)) {
        throw new UnverifiedNoteError(`The signature by ${verifier.name} does not hold`);
      }
      verified.set(verifier, signature);
    }
  }
  if (verified.size === 0) throw new UnverifiedNoteError('No known key has signed it');
  return { text, signatures: [...verified.values()] };
}
