import { deriveKey } from './derive-key.js';
import { keyId, Keyring, UnsealError } from './keyring.js';

const OLD = 'old-secret-of-more-than-32-characters';
const NEW = 'new-secret-of-more-than-32-characters';
const value = Buffer.from('a private key');

describe('Keyring', () => {
  it('opens what it sealed, which shows nothing and differs each time', () => {
    const keyring = new Keyring([OLD]);
    const sealed = keyring.seal(value, 'signing-key:k1');
    expect(keyring.open(sealed, 'signing-key:k1')).toEqual(value);
    expect(Buffer.from(sealed).includes(value)).toBe(false);
    expect(keyring.seal(value, 'signing-key:k1')).not.toBe(sealed);
  });

  it('opens with an old secret and seals with the first', () => {
    const sealed = new Keyring([OLD]).seal(value, 'c');
    const rotated = new Keyring([NEW, OLD]);
    expect(rotated.open(sealed, 'c')).toEqual(value);
    expect(rotated.seal(value, 'c').split('.')[1]).toBe(keyId(NEW));
    expect(() => new Keyring([NEW]).open(sealed, 'c')).toThrow(UnsealError);
  });

  it('does not open for another context', () => {
    const keyring = new Keyring([OLD]);
    expect(() => keyring.open(keyring.seal(value, 'provider:a'), 'provider:b')).toThrow(UnsealError);
  });

  it('does not open when a character was changed, wherever', () => {
    const keyring = new Keyring([OLD]);
    const sealed = keyring.seal(value, 'c');
    for (let index = 0; index < sealed.length; index++) {
      const other = sealed[index] === 'A' ? 'Z' : 'A';
      const changed = sealed.slice(0, index) + other + sealed.slice(index + 1);
      // The last character of base64url holds bits that mean nothing: the same bytes open.
      const same = changed
        .split('.')
        .slice(2)
        .every((part, i) =>
          Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[i + 2] ?? '', 'base64url')),
        );
      if (same && changed.startsWith(`v1.${keyId(OLD)}.`)) continue;
      expect(() => keyring.open(changed, 'c')).toThrow(UnsealError);
    }
  });

  it.each(['', 'v1', 'v1.a.b', 'v2.a.b.c', 'v1.a.b.c.d'])('refuses %j', (sealed) => {
    expect(() => new Keyring([OLD]).open(sealed, 'c')).toThrow(UnsealError);
  });

  it('needs a secret', () => {
    expect(() => new Keyring([])).toThrow(TypeError);
  });
});

describe('deriveKey', () => {
  it('gives each purpose a key of its own, always the same', () => {
    expect(deriveKey(OLD, 'a')).toEqual(deriveKey(OLD, 'a'));
    expect(deriveKey(OLD, 'a')).not.toEqual(deriveKey(OLD, 'b'));
    expect(deriveKey(OLD, 'a')).toHaveLength(32);
  });
});
