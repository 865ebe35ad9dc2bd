import { createPublicKey, type JsonWebKey } from 'node:crypto';
import { AccessTokenVerifier, VerificationKeys } from '@gatehouse/access-control';
import {
  aKey,
  aServiceToken,
  aToken,
  AUDIENCE,
  ISSUER,
  jwksOf,
} from '../../../../test/support/access-tokens.js';
import { refusedTokens } from './refused-tokens.js';

type Verify = (token: string) => Promise<unknown>;

async function theKeys() {
  const [es256, rs256, stranger] = await Promise.all([aKey('k1'), aKey('k2', 'RS256'), aKey('k1')]);
  const rsaPublicKey = createPublicKey({ key: rs256.jwk as JsonWebKey, format: 'jwk' });
  return { es256, rs256, stranger, rsaPublicKey };
}

function verifierOf(keys: Awaited<ReturnType<typeof theKeys>>): Verify {
  const jwks = jwksOf(keys.es256, keys.rs256);
  const options = { issuer: ISSUER, audience: AUDIENCE, keys: async () => jwks };
  const verifier = new AccessTokenVerifier(options, new VerificationKeys(options));
  return (token) => verifier.verify(token);
}

describe('AccessTokenVerifier', () => {
  it('accepts what auth-service issues, and refuses everything on the list', async () => {
    const keys = await theKeys();
    const verify = verifierOf(keys);
    // Before and after: a good token in the cache helps none of its variants.
    for (const token of [await aToken(keys.es256), await aToken(keys.rs256)]) {
      await expect(verify(token)).resolves.toMatchObject({ id: 'u1' });
    }
    await expect(verify(await aServiceToken(keys.es256, 's', []))).resolves.toMatchObject({ id: 's' });
    const list = await refusedTokens(keys);
    const verdicts = await Promise.all(
      list.map(async ([name, token]) => [
        name,
        await verify(token).then(
          () => 'accepted',
          (error: { type?: string }) => error.type,
        ),
      ]),
    );
    expect(list.length).toBeGreaterThan(70);
    expect(verdicts).toEqual(list.map(([name]) => [name, 'unauthenticated']));
  });
});
