import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { embeddedIpv4 } from './embedded-ipv4.js';
import {
  METADATA_IPV4,
  METADATA_IPV6,
  PRIVATE_IPV4,
  PRIVATE_IPV6,
  RESERVED_IPV4,
  RESERVED_IPV6,
} from './special-addresses.js';

export interface AddressPolicy {
  /** Also loopback, private ranges, carrier-grade NAT and unique local addresses; never metadata and link-local. */
  allowPrivate: boolean;
}

const IPV4 = {
  private: listOf('ipv4', PRIVATE_IPV4),
  refused: listOf('ipv4', [...RESERVED_IPV4, ...METADATA_IPV4]),
};
const IPV6 = {
  private: listOf('ipv6', PRIVATE_IPV6),
  refused: listOf('ipv6', [...RESERVED_IPV6, ...METADATA_IPV6]),
  routed: listOf('ipv6', ['2000::/3']),
};

/** Whether an IP address may be connected to. What is no IP address, or has a zone (`fe80::1%eth0`), may not. */
export function isAllowedAddress(address: string, policy: AddressPolicy): boolean {
  if (isIPv4(address)) {
    if (IPV4.refused.check(address, 'ipv4')) return false;
    return policy.allowPrivate || !IPV4.private.check(address, 'ipv4');
  }
  if (!isIPv6(address) || address.includes('%')) return false;
  const ipv4 = embeddedIpv4(address);
  if (ipv4 !== undefined) return isAllowedAddress(ipv4, policy);
  if (IPV6.refused.check(address, 'ipv6')) return false;
  return IPV6.routed.check(address, 'ipv6') || (policy.allowPrivate && IPV6.private.check(address, 'ipv6'));
}

function listOf(family: 'ipv4' | 'ipv6', subnets: string[]): BlockList {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', prefix] = subnet.split('/');
    list.addSubnet(network, Number(prefix), family);
  }
  return list;
}
