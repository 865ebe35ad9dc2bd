import { createHmac } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';

/** The canonical form of an address, so that each spelling of it is found; undefined when it is none. */
export function canonicalAddress(ip: string): string | undefined {
  if (isIPv4(ip)) return ip;
  if (!isIPv6(ip) || ip.includes('%')) return undefined;
  const compressed = new URL(`http://[${ip}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/.exec(compressed);
  if (mapped === null) return compressed;
  const [high, low] = [parseInt(mapped[1] as string, 16), parseInt(mapped[2] as string, 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

/** The /24 or /48 of an address, which may be kept in clear; undefined when it is no address. */
export function networkOf(ip: string): string | undefined {
  const address = canonicalAddress(ip);
  if (address === undefined) return undefined;
  if (isIPv4(address)) return `${address.split('.').slice(0, 3).join('.')}.0/24`;
  return `${new URL(`http://[${firstGroups(address)}::]`).hostname.slice(1, -1)}/48`;
}

/** Finds an address without keeping it: HMAC-SHA-256, 16 bytes of it. */
export function addressIndex(key: Buffer, ip: string): Buffer | undefined {
  const address = canonicalAddress(ip);
  return address === undefined
    ? undefined
    : createHmac('sha256', key).update(address).digest().subarray(0, 16);
}

/** The first three of the eight groups. */
function firstGroups(address: string): string {
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined) {
    const after = tail === '' ? [] : tail.split(':');
    while (groups.length + after.length < 8) groups.push('0');
    groups.push(...after);
  }
  return groups.slice(0, 3).join(':');
}
