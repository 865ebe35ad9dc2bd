import { lookup } from 'node:dns/promises';
import type { AddressPolicy } from './address-policy.js';
import type { Resolve } from './guarded-lookup.js';

export interface OutboundOptions extends AddressPolicy {
  /** Of the system when left out; each answer is checked whoever gives it. */
  resolve?: Resolve;
  /** PEM, beside those of Node: who signs the certificates of an own network. */
  certificateAuthorities?: string[];
}

/** As the system resolves names, `/etc/hosts` among it. */
export const systemResolve: Resolve = (hostname, options) => lookup(hostname, { ...options, all: true });
