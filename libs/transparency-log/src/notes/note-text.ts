import { isUtf8 } from 'node:buffer';

/** The longest note that is read, with its signatures, in bytes. */
export const MAX_NOTE_BYTES = 1_000_000;

/** Control characters below the space, and halves of surrogate pairs. */
const NOT_IN_A_NOTE = /[^\n\u{20}-\u{10ffff}]|\p{Surrogate}/u;

/**
 * What may be a note: UTF-8 without control characters other than newline, and not too long.
 *
 * @returns undefined when it may not
 */
export function readNoteText(input: string | Uint8Array): string | undefined {
  // A string has no more characters than bytes.
  if (input.length > MAX_NOTE_BYTES) return undefined;
  if (typeof input !== 'string' && !isUtf8(input)) return undefined;
  const text = typeof input === 'string' ? input : Buffer.from(input).toString('utf8');
  return NOT_IN_A_NOTE.test(text) || Buffer.byteLength(text) > MAX_NOTE_BYTES ? undefined : text;
}
