import { createSecretKey, generateKeyPairSync, sign } from 'node:crypto';
import { isSignedBy } from './jws-signature.js';
import { hasLowS, withOtherS } from './low-s.js';

const SIGNED = 'eyJ.eyJ';
const data = Buffer.from(SIGNED);
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });

function low(signature: Buffer): Buffer {
  if (hasLowS(signature)) return signature;
  return Buffer.from(withOtherS(`x.${signature.toString('base64url')}`).slice(2), 'base64url');
}

const es256 = low(sign('sha256', data, { key: ec.privateKey, dsaEncoding: 'ieee-p1363' }));
const es256Der = sign('sha256', data, ec.privateKey);
const rs256 = sign('sha256', data, rsa.privateKey);
const ps256 = sign('sha256', data, { key: rsa.privateKey, padding: 6, saltLength: 32 });
const highS = Buffer.from(withOtherS(`x.${es256.toString('base64url')}`).slice(2), 'base64url');

describe('isSignedBy', () => {
  const ES256 = { alg: 'ES256', key: ec.publicKey } as const;
  const RS256 = { alg: 'RS256', key: rsa.publicKey } as const;
  const HS256 = { alg: 'HS256', key: createSecretKey(Buffer.alloc(32, 1)) } as const;

  it('takes the signature of the key', () => {
    expect(isSignedBy(ES256, SIGNED, es256)).toBe(true);
    expect(isSignedBy(RS256, SIGNED, rs256)).toBe(true);
  });

  it.each([
    ['ES256, in DER', ES256, es256Der],
    ['ES256, with the higher s', ES256, highS],
    ['ES256, of zeros', ES256, Buffer.alloc(64)],
    ['ES256, empty', ES256, Buffer.alloc(0)],
    ['ES256, a byte more', ES256, Buffer.concat([es256, Buffer.alloc(1)])],
    ['ES256, of an RSA key', ES256, rs256],
    ['RS256, of the probabilistic kind', RS256, ps256],
    ['RS256, of zeros', RS256, Buffer.alloc(256)],
    ['RS256, of an EC key', RS256, es256],
    ['HS256, of nothing', HS256, Buffer.alloc(0)],
    ['HS256, of zeros', HS256, Buffer.alloc(32)],
  ])('refuses %s', (_case, key, signature) => {
    expect(isSignedBy(key, SIGNED, signature)).toBe(false);
  });

  it('refuses the signature of another text', () => {
    expect(isSignedBy(ES256, 'eyJ.eyK', es256)).toBe(false);
    expect(isSignedBy(RS256, 'eyJ.eyK', rs256)).toBe(false);
  });
});
