import { type KeyObject, sign } from 'node:crypto';
import { formatNote, type Note, type NoteSignature } from './note.js';
import { formatVerifierKey, parseVerifierKey } from './note-verifier.js';

/** Who signs notes. */
export interface NoteSigner {
  readonly name: string;
  readonly keyId: number;
  /** What verifies its signatures. */
  readonly verifierKey: string;
  sign(text: string): NoteSignature;
}

/**
 * @param name see `formatVerifierKey`
 * @param privateKey Ed25519
 * @throws TypeError when a key cannot have the name, or is of another kind
 */
export function createNoteSigner(name: string, privateKey: KeyObject): NoteSigner {
  if (privateKey.type !== 'private') throw new TypeError('Only a private key signs');
  const verifierKey = formatVerifierKey(name, privateKey);
  const { keyId } = parseVerifierKey(verifierKey);
  return {
    name,
    keyId,
    verifierKey,
    sign: (text) => ({
      name,
      keyId,
      signature: sign(null, Buffer.from(text), privateKey),
    }),
  };
}

/**
 * Signs a text, or adds signatures to a note: an earlier one by the same key gives way.
 *
 * @param note a text that ends in a newline, with the signatures that it has
 * @returns the signed note
 * @throws MalformedNoteError for a text that cannot be signed
 */
export function signNote(note: Note, signers: readonly NoteSigner[]): string {
  const others = note.signatures.filter(
    ({ name, keyId }) => !signers.some((signer) => signer.name === name && signer.keyId === keyId),
  );
  return formatNote({
    text: note.text,
    signatures: [...others, ...signers.map((signer) => signer.sign(note.text))],
  });
}
