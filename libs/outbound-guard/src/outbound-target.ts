import { isIP } from 'node:net';
import { type AddressPolicy, isAllowedAddress } from './address-policy.js';
import { OutboundFailure } from './outbound-failure.js';

/**
 * The URL, when it may be asked at all. An IP address in it, in whatever spelling the URL parser understands (`0x7f.1`,
 * `2130706433`, `[::ffff:127.0.0.1]`), is judged here, since a socket looks up names only.
 * @throws {OutboundFailure} `url` or `address`
 */
export function outboundTarget(url: string | URL, policy: AddressPolicy): URL {
  if (!URL.canParse(String(url))) throw new OutboundFailure('url');
  const target = new URL(url);
  if (target.protocol !== 'http:' && target.protocol !== 'https:') throw new OutboundFailure('url');
  if (target.username !== '' || target.password !== '') throw new OutboundFailure('url');
  refuseForbiddenLiteral(target.hostname.replace(/^\[|\]$/g, ''), policy);
  return target;
}

/**
 * A name is for the look-up to judge; an address is judged at once.
 * @throws {OutboundFailure} `address`
 */
export function refuseForbiddenLiteral(host: string, policy: AddressPolicy): void {
  if (isIP(host) !== 0 && !isAllowedAddress(host, policy)) throw new OutboundFailure('address');
}
