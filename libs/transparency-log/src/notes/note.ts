import { decodeBase64 } from './base64.js';
import { isKeyName } from './key-id.js';
import { readNoteText } from './note-text.js';

/** Notes of more signatures are refused; a log has one, and one for each witness. */
const MOST_SIGNATURES = 100;
const KEY_ID_BYTES = 4;
const SIGNATURE_LINE = /^— ([^ ]+) ([^ ]+)$/u;

/** A signature under a note; whether it holds is not known yet. */
export interface NoteSignature {
  /** Of the key: with the id it says which key it is. */
  readonly name: string;
  /** 32 bits of a hash of the key. */
  readonly keyId: number;
  /** Without the id of the key. */
  readonly signature: Buffer;
}

/** A text with signatures under it (C2SP signed-note). */
export interface Note {
  /** What is signed; ends in a newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** What was read is not a signed note, or what was to be written would not be one. */
export class MalformedNoteError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MalformedNoteError';
  }
}

/**
 * Takes a signed note apart; no signature is checked (C2SP signed-note, "Format").
 *
 * @param input at most 1,000,000 bytes
 * @throws MalformedNoteError
 */
export function parseNote(input: string | Uint8Array): Note {
  const note = readNoteText(input);
  if (note === undefined)
    throw new MalformedNoteError('It is too long, not UTF-8, or has control characters');
  const split = note.lastIndexOf('\n\n');
  if (split === -1) throw new MalformedNoteError('It has no signatures');
  const lines = note.slice(split + 2).split('\n');
  if (lines.pop() !== '' || lines.length === 0)
    throw new MalformedNoteError('It does not end after a signature');
  if (lines.length > MOST_SIGNATURES)
    throw new MalformedNoteError(`It has more than ${MOST_SIGNATURES} signatures`);
  return {
    text: note.slice(0, split + 1),
    signatures: lines.map(parseSignature),
  };
}

/**
 * Writes a signed note.
 *
 * @throws MalformedNoteError for a text or a signature that cannot be in one: a text ends in a newline
 */
export function formatNote({ text, signatures }: Note): string {
  const lines = signatures.map(({ name, keyId, signature }) => {
    const id = Buffer.alloc(KEY_ID_BYTES);
    id.writeUInt32BE(keyId);
    return `— ${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
  });
  const note = `${text}\n${lines.join('')}`;
  // Reading it back tells whether each part is where it belongs.
  if (parseNote(note).text !== text) throw new MalformedNoteError('The text does not end in a newline');
  return note;
}

function parseSignature(line: string): NoteSignature {
  const [, name = '', base64 = ''] = SIGNATURE_LINE.exec(line) ?? [];
  const bytes = decodeBase64(base64);
  if (!isKeyName(name) || bytes === undefined || bytes.length <= KEY_ID_BYTES) {
    throw new MalformedNoteError('It has a line among the signatures that is none');
  }
  return {
    name,
    keyId: bytes.readUInt32BE(),
    signature: bytes.subarray(KEY_ID_BYTES),
  };
}
