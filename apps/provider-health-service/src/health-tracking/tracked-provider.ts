import {
  type FailureClass,
  FailureClass as AnyFailureClass,
  type HealthPolicy,
  type ProviderSnapshot,
  type ProviderStatus,
  ProviderStatusName,
  type ResponseTimes,
} from '@gatehouse/provider-health-contracts';
import { availability, type ProviderHealth } from '@gatehouse/provider-health-rules';

/** What others may know of a provider beside its health. */
export type ProviderFacts = ProviderSnapshot['provider'];

/** A provider's health with what the scripts keep beside it. */
export interface TrackedProvider {
  name: string;
  health: ProviderHealth;
  policy: HealthPolicy;
  facts: ProviderFacts;
}

export type Percentiles = Pick<ResponseTimes, 'p50' | 'p95' | 'p99'>;

export type HealthFields = Readonly<Record<string, string>>;

/** @throws TypeError when the hash is not a provider's health */
export function readTrackedProvider(fields: HealthFields): TrackedProvider {
  const { name, policy, provider } = fields;
  const status = ProviderStatusName.safeParse(fields['status']);
  if (name === undefined || policy === undefined || provider === undefined || !status.success)
    throw new TypeError('Not the health of a provider');
  const health: ProviderHealth = {
    status: status.data,
    version: Number(fields['version']),
    revision: Number(fields['revision']),
    failures: Number(fields['failures']),
    successes: Number(fields['successes']),
  };
  for (const field of NUMBERS) if (fields[field] !== undefined) health[field] = Number(fields[field]);
  const failureClass = AnyFailureClass.safeParse(fields['lastFailureClass']);
  if (failureClass.success) health.lastFailure = lastFailure(failureClass.data, fields['lastFailureMessage']);
  Object.assign(health, textsOf(fields), overrideOf(fields));
  return {
    ...{ name, health },
    policy: JSON.parse(policy) as HealthPolicy,
    facts: JSON.parse(provider) as ProviderFacts,
  };
}

const NUMBERS = [
  ...(['lastFailureAt', 'lastSuccessAt', 'unhealthyUntil', 'unhealthyVersion'] as const),
  ...(['closedUntil', 'lastResponseMs'] as const),
];

const lastFailure = (of: FailureClass, message: string | undefined) =>
  message === undefined ? { class: of } : { class: of, message };

function textsOf({ rule, misconfigured, permits, rate }: HealthFields): object {
  return {
    ...(rule === undefined ? {} : { rule }),
    ...(misconfigured === undefined ? {} : { misconfigured }),
    ...(permits === undefined ? {} : { permits: JSON.parse(permits) as ProviderHealth['permits'] }),
    ...(rate === undefined ? {} : { rate: JSON.parse(rate) as ProviderHealth['rate'] }),
  };
}

function overrideOf(fields: HealthFields): object {
  const { overrideStatus, overrideReason, overrideBy, overrideAt, overrideUntil, beneath, beneathRule } =
    fields;
  if (overrideStatus === undefined) return {};
  return {
    override: {
      ...{ status: overrideStatus, reason: overrideReason, by: overrideBy, at: Number(overrideAt) },
      ...(overrideUntil === undefined ? {} : { until: Number(overrideUntil) }),
    },
    beneath: { status: beneath, ...(beneathRule === undefined ? {} : { rule: beneathRule }) },
  };
}

/**
 * The answer of `GET /v1/providers/:name/status`.
 *
 * @param percentiles of its response times of late, when there were any
 */
export function toStatus(
  { name, health }: TrackedProvider,
  now: number,
  percentiles?: Percentiles,
): ProviderStatus {
  const { available, reason } = availability(health, now);
  const { lastFailure: failure, lastResponseMs, override } = health;
  return {
    ...{ name, status: health.status, available, reason, rule: health.rule },
    consecutiveFailures: health.failures,
    consecutiveSuccesses: health.successes,
    lastFailure: failure && { at: time(health.lastFailureAt) ?? '', ...failure },
    lastSuccessAt: time(health.lastSuccessAt),
    unhealthyUntil: time(health.unhealthyUntil),
    misconfigured: health.misconfigured,
    override: override && { ...override, at: time(override.at) ?? '', until: time(override.until) },
    responseTimeMs: responseTimes(lastResponseMs, percentiles),
    version: health.version,
    ageMs: 0,
  };
}

/** What clients hold of it; what only the scripts need is left out. @param percentiles as for `toStatus` */
export function toSnapshot(
  { facts, health }: TrackedProvider,
  percentiles: Percentiles | undefined,
): ProviderSnapshot {
  const { beneath: _beneath, permits: _permits, rate: _rate, ...visible } = health;
  if (percentiles === undefined) return { provider: facts, health: visible };
  const { p50, p95, p99 } = percentiles;
  return { provider: facts, health: visible, responseTimeMs: { p50, p95, p99 } };
}

/** The last and those of late; undefined when nothing was measured. */
export function responseTimes(
  last: number | undefined,
  percentiles: Percentiles | undefined,
): ResponseTimes | undefined {
  if (percentiles === undefined) return last === undefined ? undefined : { last };
  const { p50, p95, p99 } = percentiles;
  return { last, p50, p95, p99 };
}

const time = (milliseconds: number | undefined): string | undefined =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
