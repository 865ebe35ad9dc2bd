/**
 * Addresses that a URL of a stranger must not reach, by the IANA registries of special-purpose addresses (RFC 6890 and
 * its successors). As `address/prefix`.
 */

/** An own network: a deployment may allow them. */
export const PRIVATE_IPV4 = ['10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'];
export const PRIVATE_IPV6 = ['::1/128', 'fc00::/7'];

/** No service of anybody's: nothing allows them. */
export const RESERVED_IPV4 = [
  '0.0.0.0/8', // this host
  '169.254.0.0/16', // link-local, the metadata of most clouds
  '192.0.0.0/24', // protocol assignments, Oracle's metadata
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
];

/** Of what is routed, `2000::/3`; all that is not in it is refused anyway. */
export const RESERVED_IPV6 = [
  '2001::/23', // protocol assignments: Teredo, ORCHID, benchmarks
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4: holds any IPv4 address
  '2620:4f:8000::/48', // AS112
  '3fff::/20', // documentation
];

/** What hands out a machine's credentials, where no range above has it already. Refused also in an own network. */
export const METADATA_IPV4 = ['100.100.100.200/32' /* Alibaba */, '168.63.129.16/32' /* Azure */];
export const METADATA_IPV6 = ['fd00:ec2::/32' /* AWS */, 'fd20:ce::254/128' /* Google */];
