import fc from 'fast-check';
import { isAllowedAddress } from './address-policy.js';

const onlyPublic = { allowPrivate: false };
const alsoPrivate = { allowPrivate: true };

const PUBLIC = [
  '1.1.1.1',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.0',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2001:200::1',
  '2a00::1',
  '::ffff:1.1.1.1',
  '64:ff9b::1.1.1.1',
];

const OWN = [
  '10.0.0.0',
  '10.255.255.255',
  '100.64.0.0',
  '100.127.255.255',
  '127.0.0.1',
  '127.255.255.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.255.255',
  '::1',
  '0:0:0:0:0:0:0:1',
  'fc00::1',
  'fdff:ffff::1',
  '::ffff:127.0.0.1',
  '::ffff:a00:1',
  '0:0:0:0:0:ffff:192.168.1.1',
  '64:ff9b::10.0.0.1',
  '64:FF9B::7f00:1',
];

const NEVER = [
  '0.0.0.0',
  '0.1.2.3',
  '169.254.0.1',
  '169.254.169.254',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::127.0.0.1',
  '::1.1.1.1',
  '::ffff:169.254.169.254',
  '::ffff:0:0',
  '::ffff:0:127.0.0.1',
  '64:ff9b::169.254.169.254',
  '64:ff9b:1::1.1.1.1',
  '64:ff9b:1:ffff::1',
  '100::1',
  '2001::1',
  '2001:0:4136:e378:8000:63bf:3fff:fdd2',
  '2001:2::1',
  '2001:10::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2002:808:808::1',
  '3fff::1',
  '4000::1',
  'fd00:ec2::254',
  'fd20:ce::254',
  'fe80::1',
  'fe80::1%eth0',
  'febf::1',
  'fec0::1',
  'ff02::1',
  '2606:4700::1%eth0',
  '',
  'localhost',
  '127.1',
  '0x7f.0.0.1',
  '[::1]',
  '1.1.1.1 ',
];

describe('isAllowedAddress', () => {
  it.each(PUBLIC)('lets %s be reached', (address) => {
    expect(isAllowedAddress(address, onlyPublic)).toBe(true);
    expect(isAllowedAddress(address, alsoPrivate)).toBe(true);
  });

  it.each(OWN)('lets %s be reached only where own networks are allowed', (address) => {
    expect(isAllowedAddress(address, onlyPublic)).toBe(false);
    expect(isAllowedAddress(address, alsoPrivate)).toBe(true);
  });

  it.each(NEVER)('never lets "%s" be reached', (address) => {
    expect(isAllowedAddress(address, onlyPublic)).toBe(false);
    expect(isAllowedAddress(address, alsoPrivate)).toBe(false);
  });

  it('judges an IPv4 address in an IPv6 one as itself, in each spelling', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.boolean(), (ipv4, allowPrivate) => {
        const policy = { allowPrivate };
        const verdict = isAllowedAddress(ipv4, policy);
        const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
        const words = [(a << 8) | b, (c << 8) | d].map((word) => word.toString(16));
        for (const prefix of ['::ffff:', '0:0:0:0:0:FFFF:', '64:ff9b::', '0064:ff9b:0:0:0:0:'])
          for (const tail of [ipv4, words.join(':'), words.map((word) => word.padStart(4, '0')).join(':')])
            expect(isAllowedAddress(prefix + tail, policy)).toBe(verdict);
      }),
    );
  });

  it('refuses whatever IPv6 address is not routed, unless it stands for a public IPv4 one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 8, maxLength: 8 }), (words) => {
        const address = words.map((word) => word.toString(16)).join(':');
        const routed = (words[0] ?? 0) >> 13 === 1;
        const reserved =
          (words[0] === 0x2001 && ((words[1] ?? 0) < 0x200 || words[1] === 0xdb8)) ||
          words[0] === 0x2002 ||
          (words[0] === 0x2620 && words[1] === 0x4f && words[2] === 0x8000) ||
          (words[0] === 0x3fff && (words[1] ?? 0) < 0x1000);
        expect(isAllowedAddress(address, onlyPublic)).toBe(routed && !reserved);
      }),
      { numRuns: 1_000 },
    );
  });
});
