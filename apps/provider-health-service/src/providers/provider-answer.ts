import type { ProviderAnswer } from '@gatehouse/provider-health-contracts';

interface StoredProvider extends Omit<ProviderAnswer, 'createdAt' | 'costPerMillionTokens'> {
  costPerMillionTokens: number | null;
  createdAt: Date;
}

export function toProviderAnswer(provider: StoredProvider): ProviderAnswer {
  const { name, kind, baseUrl, priority, weight, costPerMillionTokens, models, tags, policy, createdAt } =
    provider;
  return {
    ...{ name, kind, baseUrl, priority, weight, models, tags, policy },
    costPerMillionTokens: costPerMillionTokens ?? undefined,
    createdAt: createdAt.toISOString(),
  };
}
