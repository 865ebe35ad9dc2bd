import type { PermissionMap } from '@gatehouse/auth-contracts';
import { z } from 'zod';
import { readSignedDocument, type SignedDocumentRules } from '../tokens/signed-document.js';

/** `typ` of the permission map's JWS: no token can be taken for one, nor the other way round (RFC 8725 §3.11). */
export const PERMISSION_MAP_TYPE = 'permission-map+jwt';

const Claims = z.object({
  version: z.int().nonnegative(),
  roles: z.record(
    z.string(),
    z.object({ parent: z.enum(['admin', 'user', 'viewer', 'guest']), permissions: z.array(z.string()) }),
  ),
});

/**
 * The permission map in a document that auth-service has signed.
 *
 * @throws Error that says why it is refused
 */
export async function readPermissionMap(
  document: string,
  rules: Omit<SignedDocumentRules, 'typ'>,
): Promise<PermissionMap> {
  const { version, roles } = Claims.parse(
    await readSignedDocument(document, { typ: PERMISSION_MAP_TYPE, ...rules }),
  );
  return { version, roles };
}
