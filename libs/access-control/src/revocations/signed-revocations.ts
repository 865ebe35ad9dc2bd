import { randomUUID } from 'node:crypto';
import type { ListRevocations, Revocation } from '@gatehouse/auth-contracts';
import { z } from 'zod';
import { readSignedDocument, type SignedDocumentRules } from '../tokens/signed-document.js';

/** `typ` of a page of revocations. */
export const REVOCATIONS_TYPE = 'revocations+jwt';

const Claims = z.object({
  after: z.string().optional(),
  revocations: z.array(z.custom<Revocation>()),
  next: z.string().optional(),
});

/**
 * Every revocation in force, page by page, as auth-service has signed them: whoever may answer in its place must not be
 * able to leave one out.
 *
 * @throws Error when an answer is not auth-service's to this very question
 */
export async function* signedRevocations(
  ask: (question: ListRevocations) => Promise<{ document: string }>,
  rules: () => Omit<SignedDocumentRules, 'typ' | 'nonce'>,
): AsyncGenerator<readonly Revocation[]> {
  let after: string | undefined;
  do {
    const nonce = randomUUID();
    const { document } = await ask({ after, nonce });
    const claims = await readSignedDocument(document, { typ: REVOCATIONS_TYPE, nonce, ...rules() });
    const page = Claims.parse(claims);
    if (page.after !== after) throw new Error('it answers another question');
    yield page.revocations;
    after = page.next;
  } while (after !== undefined);
}
