export { type AddressPolicy, isAllowedAddress } from './address-policy.js';
export type { Resolve } from './guarded-lookup.js';
export { type OutboundAnswer, OutboundClient, type OutboundRequest } from './outbound.client.js';
export { OutboundFailure, type OutboundFailureKind } from './outbound-failure.js';
export type { OutboundOptions } from './outbound-options.js';
export { outboundTarget } from './outbound-target.js';
export { TcpConnector, type TcpTarget } from './tcp.connector.js';
