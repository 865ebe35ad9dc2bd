/** Injection token of the `RedisTransportOptions` as the factory gave them. */
export const TRANSPORT_OPTIONS = Symbol('TRANSPORT_OPTIONS');

/** Injection token of the `TransportSettings`: the options with every default filled in. */
export const TRANSPORT_SETTINGS = Symbol('TRANSPORT_SETTINGS');
