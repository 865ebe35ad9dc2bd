import { type KeyObject, verify } from 'node:crypto';
import { decodeBase64 } from './base64.js';
import { ED25519_KEY_BYTES, publicKeyOf, rawPublicKey } from './ed25519-keys.js';
import { isKeyName, keyIdOf } from './key-id.js';

/** The type of Ed25519 signatures over the text of a note (C2SP signed-note, "Signature types"). */
const ED25519 = 1;

const VKEY = /^([^+]+)\+([0-9a-f]{8})\+([^\s]+)$/;

/** Whose signatures under a note are believed. */
export interface NoteVerifier {
  readonly name: string;
  readonly keyId: number;
  /** Whether the signature is one of the text by this key. */
  verify(text: string, signature: Uint8Array): boolean;
}

/** The text is no verifier key. */
export class MalformedVerifierKeyError extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = 'MalformedVerifierKeyError';
  }
}

/**
 * Reads a verifier key ("vkey"), `<name>+<id, 8 hexadecimal digits>+<base64 of type and public key>`.
 *
 * @throws MalformedVerifierKeyError also for a key of another type than Ed25519 (0x01), and for an id of another key
 */
export function parseVerifierKey(vkey: string): NoteVerifier {
  const [, name = '', id = '', base64 = ''] = VKEY.exec(vkey) ?? [];
  const key = decodeBase64(base64);
  if (!isKeyName(name) || key === undefined)
    throw new MalformedVerifierKeyError('It has not the form of a verifier key');
  if (key[0] !== ED25519 || key.length !== 1 + ED25519_KEY_BYTES) {
    throw new MalformedVerifierKeyError('It is not an Ed25519 key');
  }
  const keyId = keyIdOf(name, key);
  if (keyId !== Number.parseInt(id, 16)) throw new MalformedVerifierKeyError('It has the id of another key');
  const publicKey = publicKeyOf(key.subarray(1));
  return {
    name,
    keyId,
    verify: (text, signature) => verify(null, Buffer.from(text), publicKey, signature),
  };
}

/**
 * Writes a verifier key.
 *
 * @param name without spaces and plus signs; for a log its origin, by custom a URL without scheme
 * @param key Ed25519; of a private key the public one is taken
 * @throws TypeError when a key cannot have the name, or is of another kind
 */
export function formatVerifierKey(name: string, key: KeyObject): string {
  if (!isKeyName(name)) throw new TypeError(`A key cannot be named ${JSON.stringify(name)}`);
  const typed = Buffer.concat([Buffer.of(ED25519), rawPublicKey(key)]);
  return `${name}+${keyIdOf(name, typed).toString(16).padStart(8, '0')}+${typed.toString('base64')}`;
}
