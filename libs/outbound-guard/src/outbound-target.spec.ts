import fc from 'fast-check';
import { isAllowedAddress } from './address-policy.js';
import { OutboundFailure } from './outbound-failure.js';
import { outboundTarget } from './outbound-target.js';

const policy = { allowPrivate: false };
const kindOf = (url: string) => {
  try {
    outboundTarget(url, policy);
    return 'allowed';
  } catch (error) {
    return (error as OutboundFailure).kind;
  }
};

describe('outboundTarget', () => {
  it.each([
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f000001/',
    'http://0x7f.1/',
    'http://0177.0.0.1/',
    'http://017700000001/',
    'http://127.0.0.1./',
    'http://①②⑦.⓪.⓪.①/',
    'http://0/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:7f00:1]/',
    'http://[0:0:0:0:0:ffff:7f00:0001]/',
    'http://[64:ff9b::7f00:1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0xa9fea9fe/',
    'https://[fd00:ec2::254]/',
    'http:\\\\10.0.0.1\\',
    'http:10.0.0.1',
  ])('refuses the address in %s', (url) => {
    expect(kindOf(url)).toBe('address');
  });

  it.each([
    'ftp://example.com/',
    'file:///etc/passwd',
    'gopher://example.com/',
    'data:text/plain,hello',
    'http://user@example.com/',
    'http://:secret@example.com/',
    'http://[fe80::1%25eth0]/',
    'http://1.1.1.256/',
    'http://',
    'not a URL',
    '',
  ])('refuses "%s" as no URL to ask', (url) => {
    expect(kindOf(url)).toBe('url');
  });

  it.each([
    'https://example.com/a?b=c',
    'http://1.1.1.1:8080/',
    'http://[2606:4700:4700::1111]/',
    'http://localhost/',
  ])('leaves %s to the look-up, or allows it', (url) => {
    expect(kindOf(url)).toBe('allowed');
  });

  it('judges an IPv4 address alike in each spelling of it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (ipv4) => {
        const [a = 0, b = 0, c = 0, d = 0] = ipv4.split('.').map(Number);
        const whole = ((a * 256 + b) * 256 + c) * 256 + d;
        const expected = isAllowedAddress(ipv4, policy) ? 'allowed' : 'address';
        for (const host of [
          ipv4,
          String(whole),
          `0x${whole.toString(16)}`,
          `0${whole.toString(8)}`,
          `0x${a.toString(16)}.0${b.toString(8)}.${(c << 8) | d}`,
          `${a}.${whole & 0xffffff}`,
          `[::ffff:${ipv4}]`,
        ])
          expect(kindOf(`https://${host}/`)).toBe(expected);
      }),
    );
  });
});
