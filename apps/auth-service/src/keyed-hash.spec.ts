import { KeyedHash } from './keyed-hash.js';

const [older, newer] = [
  'an older key of the service'.padEnd(32, '.'),
  'a newer key of the service'.padEnd(32, '.'),
];

describe('KeyedHash', () => {
  it('finds a secret by the hash of any of the keys, and hashes with the first', () => {
    const hash = new KeyedHash([older], 'api-key').hash('secret');
    const now = new KeyedHash([newer, older], 'api-key');
    expect(now.find('secret', [Buffer.alloc(32), hash])).toBe(1);
    expect(new KeyedHash([newer], 'api-key').find('secret', [hash])).toBe(-1);
    expect(now.hash('secret')).toEqual(new KeyedHash([newer], 'api-key').hash('secret'));
  });

  it('finds no other secret, no hash of another purpose, none that is cut off', () => {
    const hashes = new KeyedHash([older], 'api-key');
    const hash = hashes.hash('secret');
    expect(hashes.find('Secret', [hash])).toBe(-1);
    expect(hashes.find('secret', [hash.subarray(0, 31), Buffer.alloc(0)])).toBe(-1);
    expect(new KeyedHash([older], 'service-secret').find('secret', [hash])).toBe(-1);
  });
});
