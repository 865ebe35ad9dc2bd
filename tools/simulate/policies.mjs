import { DEFAULT_HEALTH_POLICY, HealthPolicy } from '@gatehouse/provider-health-contracts';

/** A window must hold some hundred calls, or its share is chance. */
const windowSeconds = (callsPerSecond) => (callsPerSecond < 10 ? 600 : 30);

/** The rules that are compared, by name: what a policy is at so many calls a second; undefined where it says nothing new. */
export const POLICIES = {
  runs: () => DEFAULT_HEALTH_POLICY,
  'runs and rate': (callsPerSecond) =>
    HealthPolicy.parse({ failureRate: { windowSeconds: windowSeconds(callsPerSecond) } }),
  'long runs and rate': (callsPerSecond) =>
    HealthPolicy.parse({
      ...{ degradedAfter: 10, unhealthyAfter: 20 },
      failureRate: { windowSeconds: windowSeconds(callsPerSecond) },
    }),
  'runs and rate, window too short': (callsPerSecond) =>
    callsPerSecond === 1 ? HealthPolicy.parse({ failureRate: { windowSeconds: 30 } }) : undefined,
};
