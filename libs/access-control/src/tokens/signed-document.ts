import { compactVerify } from 'jose';
import { readCompactJws } from './compact-jws.js';
import type { VerificationKey } from '../keys/key-set.js';

const LONGEST_DOCUMENT = 1_048_576;
/** A document is signed when it is sent: an older one is somebody's copy. It allows for clocks that differ. */
const OLDEST_SECONDS = 60;

export interface SignedDocumentRules {
  /** `typ` of its header: what is signed for one use is of none elsewhere (RFC 8725 §3.11). */
  typ: string;
  issuer: string;
  /** Milliseconds since 1970. */
  now: number;
  /** Of the question that it answers, where it answers one: a copy of an earlier answer is none. */
  nonce?: string;
  /** The key with this `kid`. */
  find: (kid: string) => Promise<VerificationKey | undefined>;
}

/**
 * What auth-service says in a document that it has signed: strict form, its own type, a key of the issuer, the algorithm of
 * that key, this issuer, signed within the last minute.
 *
 * @throws Error that says why it is refused
 */
export async function readSignedDocument(
  document: string,
  { typ, issuer, now, nonce, find }: SignedDocumentRules,
): Promise<Record<string, unknown>> {
  const jws = readCompactJws(document, LONGEST_DOCUMENT);
  if (jws === undefined || jws.header.typ !== typ) throw new Error(`it is no ${typ}`);
  const key = await find(jws.header.kid);
  if (key === undefined || key.alg !== jws.header.alg) throw new Error('its key is not known');
  await compactVerify(document, key.key, { algorithms: [key.alg] });
  const { iss, iat } = jws.claims;
  if (iss !== issuer) throw new Error('it is of another issuer');
  if (nonce !== undefined && jws.claims['nonce'] !== nonce) throw new Error('it answers another question');
  if (typeof iat !== 'number' || !(Math.abs(now / 1000 - iat) <= OLDEST_SECONDS))
    throw new Error('it was not signed just now');
  return jws.claims;
}
