import {
  CreateProviderBody,
  type HealthPolicy,
  type HealthSnapshot,
  type ProviderSnapshot,
} from '@gatehouse/provider-health-contracts';

const NEW_HEALTH: HealthSnapshot = { status: 'healthy', version: 0, revision: 1, failures: 0, successes: 0 };

export function aProvider(name: string, policy: Partial<HealthPolicy> = {}): ProviderSnapshot['provider'] {
  const body = CreateProviderBody.parse({ name, kind: 'test', baseUrl: 'http://127.0.0.1', policy });
  return { ...body, createdAt: new Date(0).toISOString() };
}

export function aSnapshot(name: string, health: Partial<HealthSnapshot> = {}): ProviderSnapshot {
  return { provider: aProvider(name), health: { ...NEW_HEALTH, ...health } };
}
