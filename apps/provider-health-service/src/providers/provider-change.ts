import type {
  HealthCheck,
  HealthPolicy,
  HealthPolicyChange,
  UpdateProviderBody,
} from '@gatehouse/provider-health-contracts';

interface Configuration {
  kind: string;
  baseUrl: string;
  priority: number;
  weight: number;
  costPerMillionTokens: number | null;
  models: string[];
  tags: string[];
  policy: HealthPolicy;
  healthCheck: HealthCheck | null;
}

/** What a change makes of a provider, without its key. */
export function changedProvider<Provider extends Configuration>(
  provider: Provider,
  change: UpdateProviderBody,
): Provider {
  const { apiKey: _key, policy, ...rest } = change;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...provider,
    ...given,
    policy: policy === undefined ? provider.policy : changedPolicy(provider.policy, policy),
  };
}

function changedPolicy(policy: HealthPolicy, change: HealthPolicyChange): HealthPolicy {
  const merged = { ...policy, ...change };
  const kept = Object.entries(merged).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(kept) as HealthPolicy;
}

/** The names of the fields in which two differ, in the order of the first's. */
export function changedFields<Fields extends object>(before: Fields, after: Fields): string[] {
  return (Object.keys(before) as (keyof Fields & string)[]).filter(
    (field) => canonical(before[field]) !== canonical(after[field]),
  );
}

/** JSON with the fields of objects in one order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
