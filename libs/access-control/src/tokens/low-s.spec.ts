import { generateKeyPairSync, sign, verify } from 'node:crypto';
import { hasLowS, withLowS, withOtherS } from './low-s.js';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const signatureOf = (token: string) => Buffer.from(token.split('.')[2] ?? '', 'base64url');
const isSigned = (token: string) =>
  verify('sha256', Buffer.from('a.b'), { key: publicKey, dsaEncoding: 'ieee-p1363' }, signatureOf(token));

describe('the s of ES256', () => {
  it('has two values, of which one is the lower', () => {
    for (let n = 0; n < 32; n++) {
      const signature = sign('sha256', Buffer.from('a.b'), { key: privateKey, dsaEncoding: 'ieee-p1363' });
      const token = `a.b.${signature.toString('base64url')}`;
      const low = withLowS(token);
      expect([low, withOtherS(low)]).toContain(token);
      expect([isSigned(low), isSigned(withOtherS(low))]).toEqual([true, true]);
      expect([hasLowS(signatureOf(low)), hasLowS(signatureOf(withOtherS(low)))]).toEqual([true, false]);
      expect(withLowS(withOtherS(low))).toBe(low);
    }
  });

  it.each([[63], [65], [0], [70]])('is not that of a signature of %s bytes', (length) => {
    expect(hasLowS(Buffer.alloc(length, 1))).toBe(false);
  });
});
