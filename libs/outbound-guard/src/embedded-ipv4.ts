/**
 * The IPv4 address that an IPv6 address stands for: mapped (`::ffff:0:0/96`, RFC 4291) or translated by a NAT64 of the
 * well-known prefix (`64:ff9b::/96`, RFC 6052). Nothing for any other, the deprecated compatible form (`::a.b.c.d`) too.
 */
export function embeddedIpv4(ipv6: string): string | undefined {
  const words = ipv6Words(ipv6);
  const prefix = words.slice(0, 6).join(':');
  if (prefix !== '0:0:0:0:0:ffff' && prefix !== '64:ff9b:0:0:0:0') return undefined;
  return words
    .slice(6)
    .map((word) => parseInt(word, 16))
    .flatMap((word) => [word >> 8, word & 0xff])
    .join('.');
}

/** The eight words of an IPv6 address in whatever spelling, in hexadecimal without leading zeros. */
function ipv6Words(ipv6: string): string[] {
  // The URL parser writes each address in one way, a dotted tail in hexadecimal.
  const [head = '', tail] = new URL(`http://[${ipv6}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  if (tail === undefined) return before;
  const after = tail === '' ? [] : tail.split(':');
  return [...before, ...Array<string>(8 - before.length - after.length).fill('0'), ...after];
}
