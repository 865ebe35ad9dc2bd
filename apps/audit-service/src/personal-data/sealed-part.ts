import { createHmac, hkdfSync } from 'node:crypto';
import { decrypt, encrypt } from '@gatehouse/envelope-encryption';

/** A key of one subject. Its id is in what it sealed. */
export interface SubjectKey {
  /** UUID. */
  readonly id: string;
  /** 32 bytes. */
  readonly key: Buffer;
}

const VERSION = 'v1';

/**
 * `v1.<id of the key>.<nonce, tag and ciphertext, base64url>`.
 *
 * @param context where it stands, e.g. `<id of the event>/actor`: it opens nowhere else
 */
export function sealPart({ id, key }: SubjectKey, text: string, context: string): string {
  return `${VERSION}.${id}.${encrypt(key, Buffer.from(text), context).toString('base64url')}`;
}

/** The id of the key that a part is sealed with; undefined when it has not the form of one. */
export function keyIdOf(sealed: string): string | undefined {
  const [version, id, ciphertext, ...rest] = sealed.split('.');
  return version === VERSION && ciphertext !== undefined && rest.length === 0 ? id : undefined;
}

/** @throws when it was changed, or stood elsewhere */
export function openPart(key: SubjectKey, sealed: string, context: string): string {
  const ciphertext = Buffer.from(sealed.slice(sealed.lastIndexOf('.') + 1), 'base64url');
  return decrypt(key.key, ciphertext, context).toString();
}

/** Made once for each key: to derive it costs more than the digest. */
const digestKeys = new WeakMap<Buffer, Buffer>();

/** A digest of what a producer sent, which says nothing once the key is gone. */
export function digestContent({ key }: SubjectKey, canonicalEvent: string): Buffer {
  return createHmac('sha256', digestKeyOf(key)).update(canonicalEvent).digest();
}

function digestKeyOf(key: Buffer): Buffer {
  const known = digestKeys.get(key);
  if (known !== undefined) return known;
  const derived = Buffer.from(hkdfSync('sha256', key, '', 'gatehouse/audit-content', 32));
  digestKeys.set(key, derived);
  return derived;
}
