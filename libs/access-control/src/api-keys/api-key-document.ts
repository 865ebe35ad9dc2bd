import { ApiKeyFacts } from '@gatehouse/auth-contracts';
import { z } from 'zod';
import { readSignedDocument, type SignedDocumentRules } from '../tokens/signed-document.js';

/** `typ` of the JWS in which auth-service tells of an API key. */
export const API_KEY_DOCUMENT_TYPE = 'api-key+jwt';

const Claims = z.object({ digest: z.string(), key: ApiKeyFacts });

/**
 * What auth-service says of the API key with this digest.
 *
 * @throws Error that says why the document is refused
 */
export async function readApiKeyDocument(
  document: string,
  { id, digest }: { id: string; digest: string },
  rules: Omit<SignedDocumentRules, 'typ'>,
): Promise<ApiKeyFacts> {
  const claims = Claims.parse(await readSignedDocument(document, { typ: API_KEY_DOCUMENT_TYPE, ...rules }));
  if (claims.digest !== digest || claims.key.id !== id) throw new Error('it is about another key');
  return claims.key;
}
