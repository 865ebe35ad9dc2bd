import { z } from 'zod';
import { integer } from './variable-types.js';

/** What a service does while it is not certain that it knows every revocation; `StalenessPolicy` of access-control. */
export const revocationVariables = {
  /** Seconds for which what was known holds. */
  REVOCATION_MAX_STALENESS_SECONDS: integer({ min: 2, max: 3600 }).default(5),
  /** After this many nothing is accepted. */
  REVOCATION_MAX_OUTAGE_SECONDS: integer({ max: 86_400 }).default(60),
  /** Between the two. */
  REVOCATION_WHEN_STALE: z.enum(['by-requirement', 'refuse', 'allow']).default('by-requirement'),
};

/** The same as access-control takes it. */
export const stalenessPolicy = (variables: {
  REVOCATION_MAX_STALENESS_SECONDS: number;
  REVOCATION_MAX_OUTAGE_SECONDS: number;
  REVOCATION_WHEN_STALE: 'by-requirement' | 'refuse' | 'allow';
}) => ({
  maxStalenessMs: variables.REVOCATION_MAX_STALENESS_SECONDS * 1000,
  maxOutageMs: variables.REVOCATION_MAX_OUTAGE_SECONDS * 1000,
  whenStale: variables.REVOCATION_WHEN_STALE,
});
