import type { HealthCheck } from '@gatehouse/provider-health-contracts';

/** What is needed of a provider to check it. */
export interface CheckedProvider {
  name: string;
  baseUrl: string;
  healthCheck: HealthCheck;
}
