import type { AccessRequirement } from '../guards/access-requirement.js';

/** What is done while it is not certain that every revocation is known. Times in milliseconds. */
export interface StalenessPolicy {
  /** Revocations are taken for known when they were this short a time ago; 5,000. */
  maxStalenessMs: number;
  /** After this long nothing is accepted, whatever `whenStale` says; 60,000. */
  maxOutageMs: number;
  /**
   * Between the two: `refuse` (503), `allow`, or by what is asked for (the default): refused where the role admin or a
   * permission to change something is asked for, allowed elsewhere.
   */
  whenStale: 'by-requirement' | 'refuse' | 'allow';
}

export const DEFAULT_STALENESS: Readonly<StalenessPolicy> = {
  maxStalenessMs: 5_000,
  maxOutageMs: 60_000,
  whenStale: 'by-requirement',
};

/**
 * Whether a request may be decided on by revocations of this age.
 *
 * @param ageMs since it was certain that none was missed; `Infinity` when they were never loaded
 */
export function mayDecide(
  ageMs: number,
  requirement: Pick<AccessRequirement, 'role' | 'permissions' | 'anyPermission'>,
  { maxStalenessMs, maxOutageMs, whenStale }: StalenessPolicy,
): boolean {
  if (ageMs <= maxStalenessMs) return true;
  if (ageMs > Math.max(maxOutageMs, maxStalenessMs) || whenStale === 'refuse') return false;
  return whenStale === 'allow' || !isSensitive(requirement);
}

/** Asks for the role admin, or for a permission to do more than read. */
function isSensitive({
  role,
  permissions,
  anyPermission,
}: Pick<AccessRequirement, 'role' | 'permissions' | 'anyPermission'>): boolean {
  return role === 'admin' || [...permissions, ...anyPermission].some((name) => !name.endsWith(':read'));
}
