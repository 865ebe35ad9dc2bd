/** Injects the `RevocationFeed` of the process; there is none where no Redis is configured. */
export const REVOCATION_FEED = Symbol('REVOCATION_FEED');

/** Injects the `AccessControlOptions` of the service. */
export const ACCESS_CONTROL_OPTIONS = Symbol('ACCESS_CONTROL_OPTIONS');
