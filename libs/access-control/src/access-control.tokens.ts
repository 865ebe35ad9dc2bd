/** Injects the `RevocationFeed` of the process; there is none where no Redis is configured. */
export const REVOCATION_FEED = Symbol('REVOCATION_FEED');

/** Injects the `RefusalRecorder`, where there is one: `AuditClientModule` brings it. */
export const REFUSAL_RECORDER = Symbol('REFUSAL_RECORDER');

/** Injects the `AccessControlOptions` of the service. */
export const ACCESS_CONTROL_OPTIONS = Symbol('ACCESS_CONTROL_OPTIONS');
