import type { HealthCheck, ProviderAnswer, ToldHealthCheck } from '@gatehouse/provider-health-contracts';

interface StoredProvider extends Omit<ProviderAnswer, 'createdAt' | 'costPerMillionTokens' | 'healthCheck'> {
  costPerMillionTokens: number | null;
  healthCheck: HealthCheck | null;
  createdAt: Date;
}

export function toProviderAnswer(provider: StoredProvider): ProviderAnswer {
  const { name, kind, baseUrl, apiKey, priority, weight, costPerMillionTokens, models, tags, policy } =
    provider;
  const { healthCheck, createdAt } = provider;
  return {
    ...{ name, kind, baseUrl, apiKey, priority, weight, models, tags, policy },
    costPerMillionTokens: costPerMillionTokens ?? undefined,
    healthCheck: healthCheck === null ? undefined : toldCheck(healthCheck),
    createdAt: createdAt.toISOString(),
  };
}

/** Without what its headers say: that may be a secret. */
function toldCheck(check: HealthCheck): ToldHealthCheck {
  if (check.type === 'tcp') return check;
  const { headers, ...told } = check;
  return { ...told, headerNames: Object.keys(headers).sort() };
}
