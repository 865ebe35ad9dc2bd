/** Injects the `AccessControlOptions` of the service. */
export const ACCESS_CONTROL_OPTIONS = Symbol('ACCESS_CONTROL_OPTIONS');
