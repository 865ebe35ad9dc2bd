import type { ProviderAnswer } from '@gatehouse/provider-health-contracts';

interface StoredProvider extends Omit<ProviderAnswer, 'createdAt' | 'costPerMillionTokens'> {
  costPerMillionTokens: number | null;
  createdAt: Date;
}

export function toProviderAnswer(provider: StoredProvider): ProviderAnswer {
  const { name, kind, baseUrl, apiKey, priority, weight, costPerMillionTokens, models, tags, policy } =
    provider;
  const { createdAt } = provider;
  return {
    ...{ name, kind, baseUrl, apiKey, priority, weight, models, tags, policy },
    costPerMillionTokens: costPerMillionTokens ?? undefined,
    createdAt: createdAt.toISOString(),
  };
}
