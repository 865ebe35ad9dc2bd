import { randomBytes } from 'node:crypto';
import { addressIndex, canonicalAddress, networkOf } from './addresses.js';

describe('an address', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7', '203.0.113.0/24'],
    ['::ffff:203.0.113.7', '203.0.113.7', '203.0.113.0/24'],
    ['2001:DB8:1:2::7', '2001:db8:1:2::7', '2001:db8:1::/48'],
    ['2001:db8:0001:0:0:0:0:1', '2001:db8:1::1', '2001:db8:1::/48'],
    ['::1', '::1', '::/48'],
    ['1::', '1::', '1::/48'],
    ['fe80::1%eth0', undefined, undefined],
    ['localhost', undefined, undefined],
    ['203.0.113.07', undefined, undefined],
  ])('%s is %s, of %s', (ip, canonical, network) => {
    expect(canonicalAddress(ip)).toBe(canonical);
    expect(networkOf(ip)).toBe(network);
  });

  it('is found in each spelling, by whoever has the key', () => {
    const [key, other] = [randomBytes(32), randomBytes(32)];
    expect(addressIndex(key, '::ffff:203.0.113.7')).toEqual(addressIndex(key, '203.0.113.7'));
    expect(addressIndex(other, '203.0.113.7')).not.toEqual(addressIndex(key, '203.0.113.7'));
    expect(addressIndex(key, 'nowhere')).toBeUndefined();
  });
});
