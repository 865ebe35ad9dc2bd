import { UnsealError } from './keyring.js';
import { newBoxKeys, openBox, PublicKeyError, sealTo } from './sealed-box.js';

const value = Buffer.from('sk-planted');

/** Points of low order and their like, little-endian (RFC 7748 §6.1, and the list of cr.yp.to/ecdh.html). */
const LOW_ORDER = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
].map((hex) => Buffer.from(hex, 'hex').toString('base64url'));

describe('a sealed box', () => {
  it('opens with the private key of who asked, shows nothing, and differs each time', () => {
    const keys = newBoxKeys();
    const sealed = sealTo(keys.publicKey, value, 'c');
    expect(openBox(keys, sealed, 'c')).toEqual(value);
    expect(sealTo(keys.publicKey, value, 'c')).not.toBe(sealed);
    expect(Buffer.from(sealed.split('.')[2] ?? '', 'base64url').includes(value)).toBe(false);
  });

  it('opens with no other key and for no other context', () => {
    const keys = newBoxKeys();
    const sealed = sealTo(keys.publicKey, value, 'c');
    expect(() => openBox(newBoxKeys(), sealed, 'c')).toThrow(UnsealError);
    expect(() => openBox(keys, sealed, 'd')).toThrow(UnsealError);
    const mixed = { privateKey: keys.privateKey, publicKey: newBoxKeys().publicKey };
    expect(() => openBox(mixed, sealed, 'c')).toThrow(UnsealError);
  });

  it('does not open when a byte was changed, wherever', () => {
    const keys = newBoxKeys();
    const [version = '', from = '', ciphertext = ''] = sealTo(keys.publicKey, value, 'c').split('.');
    for (const [index, part] of [from, ciphertext].entries()) {
      for (let at = 0; at < Buffer.from(part, 'base64url').length; at++) {
        const bytes = Buffer.from(part, 'base64url');
        bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
        const parts = [from, ciphertext].with(index, bytes.toString('base64url'));
        expect(() => openBox(keys, [version, ...parts].join('.'), 'c')).toThrow(UnsealError);
      }
    }
  });

  it('is not sealed to a key with which everybody would know the secret', () => {
    for (const key of LOW_ORDER) expect(() => sealTo(key, value, 'c')).toThrow(PublicKeyError);
    const keys = newBoxKeys();
    const [, , ciphertext] = sealTo(keys.publicKey, value, 'c').split('.');
    for (const key of LOW_ORDER)
      expect(() => openBox(keys, `v1.${key}.${ciphertext}`, 'c')).toThrow(UnsealError);
  });

  it.each(['', 'AAAA', `${newBoxKeys().publicKey}A`, `${newBoxKeys().publicKey.slice(0, -1)}=`])(
    'is not sealed to %j',
    (key) => {
      expect(() => sealTo(key, value, 'c')).toThrow(PublicKeyError);
    },
  );

  it.each(['', 'v1', 'v1.a', 'v2.a.b', 'v1.a.b.c'])('is not %j', (sealed) => {
    expect(() => openBox(newBoxKeys(), sealed, 'c')).toThrow(UnsealError);
  });
});
