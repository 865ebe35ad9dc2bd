import type { PermissionMap } from '@gatehouse/auth-contracts';
import { compactVerify } from 'jose';
import { z } from 'zod';
import { readCompactJws } from '../compact-jws.js';
import type { VerificationKey } from '../key-set.js';

/** `typ` of the permission map's JWS: no token can be taken for one, nor the other way round (RFC 8725 §3.11). */
export const PERMISSION_MAP_TYPE = 'permission-map+jwt';

const LONGEST_DOCUMENT = 1_048_576;
/** A document is signed when it is sent: an older one is somebody's copy. It allows for clocks that differ. */
const OLDEST_SECONDS = 60;

const Claims = z.object({
  iss: z.string(),
  iat: z.number(),
  version: z.int().nonnegative(),
  roles: z.record(
    z.string(),
    z.object({ parent: z.enum(['admin', 'user', 'viewer', 'guest']), permissions: z.array(z.string()) }),
  ),
});

/**
 * The permission map in a document that auth-service has signed: strict form, its own type, a key of the issuer, the
 * algorithm of that key, this issuer, signed within the last minute.
 *
 * @param find the key with this `kid`
 * @param now milliseconds since 1970
 * @throws Error that says why it is refused
 */
export async function readPermissionMap(
  document: string,
  find: (kid: string) => Promise<VerificationKey | undefined>,
  { issuer, now }: { issuer: string; now: number },
): Promise<PermissionMap> {
  const jws = readCompactJws(document, LONGEST_DOCUMENT);
  if (jws === undefined || jws.header.typ !== PERMISSION_MAP_TYPE) throw new Error('it is no permission map');
  const key = await find(jws.header.kid);
  if (key === undefined || key.alg !== jws.header.alg) throw new Error('its key is not known');
  await compactVerify(document, key.key, { algorithms: [key.alg] });
  const { iss, iat, version, roles } = Claims.parse(jws.claims);
  if (iss !== issuer) throw new Error('it is of another issuer');
  if (Math.abs(now / 1000 - iat) > OLDEST_SECONDS) throw new Error('it was not signed just now');
  return { version, roles };
}
