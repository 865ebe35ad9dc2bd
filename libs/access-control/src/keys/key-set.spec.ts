import { generateKeyPairSync, type JsonWebKey } from 'node:crypto';
import { readKeySet, sharedSecretKey } from './key-set.js';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
const rsa = (bits: number) =>
  generateKeyPairSync('rsa', { modulusLength: bits }).publicKey.export({ format: 'jwk' });
const jwks = (...keys: JsonWebKey[]) => ({ keys: keys.map((key) => ({ kty: '', ...key })) });
const k1 = { ...ec, kid: 'k1', alg: 'ES256', use: 'sig' };

describe('readKeySet', () => {
  it('finds the keys for signatures by their kid', () => {
    const set = readKeySet(jwks(k1, { ...rsa(2048), kid: 'k2', alg: 'RS256' }));
    expect([...set.values()].map(({ kid, alg }) => [kid, alg])).toEqual([
      ['k1', 'ES256'],
      ['k2', 'RS256'],
    ]);
  });

  it.each<[string, JsonWebKey]>([
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0', kid: 'k1', alg: 'HS256' }],
    ['a key without an algorithm', { ...ec, kid: 'k1' }],
    ['a key without a kid', { ...ec, alg: 'ES256' }],
    ['a key for encryption', { ...k1, use: 'enc' }],
    ['a key of another kind than its algorithm', { ...k1, alg: 'RS256' }],
    ['a point that is not on the curve', { ...k1, x: k1.y }],
    ['a short RSA key', { ...rsa(1024), kid: 'k1', alg: 'RS256' }],
  ])('leaves out %s', (_case, jwk) => {
    expect(readKeySet(jwks(jwk)).size).toBe(0);
  });

  it('keeps the object of a key that has not changed, and no other', () => {
    const before = readKeySet(jwks(k1));
    const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
    expect(readKeySet(jwks(k1), before).get('k1')).toBe(before.get('k1'));
    expect(readKeySet(jwks({ ...k1, ...other }), before).get('k1')).not.toBe(before.get('k1'));
  });
});

describe('sharedSecretKey', () => {
  it('names a secret, each by another name', () => {
    const [a, again, b] = ['a', 'a', 'b'].map((letter) => sharedSecretKey(letter.repeat(32)));
    expect(again?.kid).toBe(a?.kid);
    expect(b?.kid).not.toBe(a?.kid);
  });
});
