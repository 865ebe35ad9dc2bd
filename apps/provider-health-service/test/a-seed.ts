import {
  CreateProviderBody,
  DEFAULT_HEALTH_POLICY,
  type HealthPolicy,
} from '@gatehouse/provider-health-contracts';
import { providerFacts, seedFields } from '../src/health-tracking/provider-seed.js';

/** What a new provider begins with in Redis. */
export function aSeed(name: string, policy: HealthPolicy = DEFAULT_HEALTH_POLICY): Record<string, string> {
  const body = CreateProviderBody.parse({
    name,
    kind: 'openai',
    baseUrl: 'https://api.example.test',
    policy,
  });
  return seedFields(
    providerFacts({ ...body, apiKey: undefined, costPerMillionTokens: null, createdAt: new Date(0) }),
    { afterVersion: 0 },
  );
}
