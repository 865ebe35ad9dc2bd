import { randomUUID } from 'node:crypto';
import type { RevocationPage } from '@gatehouse/auth-contracts';
import { aKey, ISSUER, jwksOf } from '../../../../test/support/access-tokens.js';
import { signedMap, signedPage } from '../../../../test/support/platform.js';
import { readKeySet } from '../../src/keys/key-set.js';
import { signedRevocations } from '../../src/revocations/signed-revocations.js';
import { readPermissionMap } from '../../src/roles/permission-map-document.js';

type Key = Awaited<ReturnType<typeof aKey>>;
type Question = { nonce: string; after?: string };

describe('an answer of auth-service', () => {
  let key: Key;
  let find: (kid: string) => Promise<ReturnType<ReturnType<typeof readKeySet>['get']>>;
  const revocations = ['a', 'b', 'c'].map((id) => ({
    ...{ kind: 'session' as const, id },
    ...{ revokedAt: new Date().toISOString(), expiresAt: new Date(Date.now() + 900_000).toISOString() },
  }));

  beforeAll(async () => {
    key = await aKey('k1');
    const keys = readKeySet(jwksOf(key));
    find = async (kid) => keys.get(kid);
  });

  const rules = () => ({ issuer: ISSUER, now: Date.now(), find });
  /** The ids that are loaded from pages of one, where the answers are what a test makes of them. */
  const load = async (answer: (page: RevocationPage, question: Question) => Promise<string>) => {
    const ask = async (question: Question) => {
      const from = question.after === undefined ? 0 : Number(question.after.at(-1));
      const next = from + 1 < revocations.length ? { next: pageId(from + 1) } : {};
      const page = { revocations: revocations.slice(from, from + 1), ...next };
      return { document: await answer(page, question) };
    };
    const ids: string[] = [];
    for await (const page of signedRevocations(ask, rules)) ids.push(...page.map(({ id }) => id));
    return ids;
  };
  const pageId = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;

  it('is taken page by page', async () => {
    expect(await load((page, question) => signedPage(key, page, question))).toEqual(['a', 'b', 'c']);
  });

  it('is none to another question: a copy from before a revocation', async () => {
    const old = await signedPage(key, { revocations: [] }, { nonce: randomUUID() });
    await expect(load(async () => old)).rejects.toThrow('another question');
  });

  it('is none to a question that was changed on its way: a page is not left out', async () => {
    const skipping = load((page, { nonce }) => signedPage(key, page, { nonce, after: pageId(2) }));
    await expect(skipping).rejects.toThrow('another question');
  });

  it('is none that another key has signed', async () => {
    const other = await aKey('k1');
    await expect(load((page, question) => signedPage(other, page, question))).rejects.toThrow();
  });

  it('is no permission map to another question: one from before a right was taken away', async () => {
    const map = { version: 7, roles: {} };
    const read = (nonce: string | undefined, asked: string) =>
      signedMap(key, map, { nonce }).then((document) =>
        readPermissionMap(document, { ...rules(), nonce: asked }),
      );
    expect(await read('the question', 'the question')).toEqual(map);
    await expect(read('an earlier one', 'the question')).rejects.toThrow('another question');
    await expect(read(undefined, 'the question')).rejects.toThrow('another question');
  });
});
