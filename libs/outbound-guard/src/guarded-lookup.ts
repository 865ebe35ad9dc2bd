import type { LookupAddress, LookupOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { type AddressPolicy, isAllowedAddress } from './address-policy.js';
import { OutboundFailure } from './outbound-failure.js';

/** Every address of a name; `dns.promises.lookup` with `all`. */
export type Resolve = (hostname: string, options: { family: 0 | 4 | 6 }) => Promise<LookupAddress[]>;

/**
 * A `lookup` for the connector of a socket: what it hands on is what was checked, and the socket connects to that and asks
 * nobody again. A name with one forbidden address is refused whole: an honest public name has none.
 */
export function guardedLookup(policy: AddressPolicy, resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { family: familyOf(options) }).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) return callback(new OutboundFailure('network', 'ENOTFOUND'), []);
        if (!addresses.every(({ address }) => isAllowedAddress(address, policy)))
          return callback(new OutboundFailure('address'), []);
        if (options.all) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (error: Error) => callback(error, []),
    );
  };
}

function familyOf({ family }: LookupOptions): 0 | 4 | 6 {
  if (family === 'IPv4') return 4;
  if (family === 'IPv6') return 6;
  return family === 4 || family === 6 ? family : 0;
}
