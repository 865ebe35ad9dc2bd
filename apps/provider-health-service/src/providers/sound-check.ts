import type { HealthCheck } from '@gatehouse/provider-health-contracts';
import { ValidationFailedError } from '@gatehouse/problem-details';
import { checkProblems } from '../health-checks/check-target.js';

/** @throws ValidationFailedError when the check would send the key of a provider elsewhere */
export function demandSoundCheck(check: HealthCheck, baseUrl: string): void {
  const problems = checkProblems(check, baseUrl);
  if (problems.length > 0) throw new ValidationFailedError(problems);
}
