// A service that verifies access tokens by itself, and libraries that do so bare.
import 'reflect-metadata';
import { openAccessControl, RevocationSet } from '@gatehouse/access-control';
import { createVerifier } from 'fast-jwt';
import { createPublicKey, randomUUID } from 'node:crypto';
import { importJWK, jwtVerify } from 'jose';
import { answer, options } from '../answers.mjs';

const REVOCATIONS = 1_000;
const { jwks, issuer, audience } = options;
let tokens = [];
const [jwk] = jwks.keys;
const typ = 'at+jwt';

/** The feed, as it is when nothing changes. */
const revoked = new RevocationSet();
for (let n = 0; n < REVOCATIONS; n++) {
  const [revokedAt, expiresAt] = [0, 3_600_000].map((ms) => new Date(Date.now() + ms).toISOString());
  revoked.add({ kind: 'session', id: randomUUID(), revokedAt, expiresAt });
}
const revocations = {
  ...{ size: revoked.size, ageMs: () => 0, now: () => Date.now(), onChange: () => () => {} },
  isRevoked: (claims) => revoked.isRevoked(claims),
  isApiKeyRevoked: (id) => revoked.hasApiKey(id),
};
const joseKey = await importJWK(jwk, jwk.alg);
const pem = createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' });

/** Each makes something that verifies, with nothing in its cache yet. */
const SIDES = {
  async gatehouse() {
    const { verifier } = await openAccessControl({ issuer, audience, keys: async () => jwks, revocations });
    return (token) => verifier.verify(token);
  },
  jose: () => (token) => jwtVerify(token, joseKey, { algorithms: [jwk.alg], issuer, audience, typ }),
  'fast-jwt': () => fastJwt(false),
  'fast-jwt-cached': () => fastJwt(10_000),
};

answer({
  /** Those that are verified from now on. */
  take(given) {
    ({ tokens } = given);
  },

  /** Each token once: microseconds for each. */
  async cold({ side }) {
    const verify = await SIDES[side]();
    const begun = performance.now();
    for (const token of tokens) await verify(token);
    return ((performance.now() - begun) / tokens.length) * 1000;
  },

  /** One token over and over: microseconds for each. */
  async warm({ side, calls }) {
    const verify = await SIDES[side]();
    const [token] = tokens;
    await verify(token);
    const begun = performance.now();
    for (let n = 0; n < calls; n++) await verify(token);
    return ((performance.now() - begun) / calls) * 1000;
  },
});

function fastJwt(cache) {
  const rules = { algorithms: [jwk.alg], allowedIss: issuer, allowedAud: audience, checkTyp: typ };
  return createVerifier({ key: async () => pem, cache, ...rules });
}
