import { hash } from 'node:crypto';
import { readNoteText } from './note-text.js';

const NOT_IN_A_NAME = /[\p{White_Space}+]/u;

/** Whether a key can have the name: some characters, without spaces, plus signs and control characters. */
export function isKeyName(name: string): boolean {
  return name !== '' && !NOT_IN_A_NAME.test(name) && readNoteText(name) !== undefined;
}

/**
 * The id of a key: the first 32 bits of SHA-256 of its name, a newline, and the key (C2SP signed-note, "Signatures").
 *
 * @param key a byte for the type of its signatures, and its public part
 */
export function keyIdOf(name: string, key: Uint8Array): number {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`), key]), 'buffer').readUInt32BE();
}
