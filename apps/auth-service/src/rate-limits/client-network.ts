import { isIPv6, SocketAddress } from 'node:net';

const MAPPED_IPV4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
const TRAILING_IPV4 = /\d+\.\d+\.\d+\.\d+$/;

/**
 * Whom an address is counted as: an IPv4 address itself, of an IPv6 address the first 64 bits, which are the least that a
 * customer gets: whoever has one such address has 2^64.
 */
export function clientNetwork(address: string): string {
  const plain = address.replace(/%.*$/, '');
  if (!isIPv6(plain)) return plain;
  // The same for every spelling of the address.
  const { address: canonical } = new SocketAddress({ address: plain, family: 'ipv6' });
  const mapped = MAPPED_IPV4.exec(canonical)?.[1];
  return mapped ?? `${groupsOf(canonical).slice(0, 4).join(':')}::/64`;
}

function groupsOf(canonical: string): string[] {
  const [head = '', tail] = canonical.replace(TRAILING_IPV4, '0:0').split('::');
  const [before, after] = [head, tail ?? ''].map((part) => part.split(':').filter((group) => group !== ''));
  const leftOut = tail === undefined ? 0 : 8 - (before?.length ?? 0) - (after?.length ?? 0);
  return [...(before ?? []), ...Array<string>(leftOut).fill('0'), ...(after ?? [])];
}
