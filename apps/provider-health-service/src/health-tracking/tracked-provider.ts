import type {
  FailureClass,
  HealthPolicy,
  ProviderStatus,
  ProviderStatusName,
  ResponseTimes,
} from '@gatehouse/provider-health-contracts';
import { availability, type ProviderHealth } from '@gatehouse/provider-health-rules';

/** A provider's health with what the script keeps beside it. */
export interface TrackedProvider {
  name: string;
  health: ProviderHealth;
  lastFailure?: { class: FailureClass; message?: string };
  lastResponseMs?: number;
}

export type HealthFields = Readonly<Record<string, string>>;

/** What a provider begins with: a new one, or one that Redis has lost, as its last transition left it. */
export interface ProviderSeed {
  name: string;
  policy: HealthPolicy;
  status: ProviderStatusName;
  version: number;
  /** Of one that is unhealthy, ms since 1970. */
  unhealthyUntil?: number;
}

export function seedFields(seed: ProviderSeed): (string | number)[] {
  const { name, policy, status, version, unhealthyUntil } = seed;
  const fields = [
    ...['name', name, 'status', status, 'version', version, 'failures', 0, 'successes', 0],
    ...Object.entries(policy).flatMap(([name, value]) => (typeof value === 'number' ? [name, value] : [])),
  ];
  return unhealthyUntil === undefined
    ? fields
    : [...fields, 'unhealthyUntil', unhealthyUntil, 'unhealthyVersion', version];
}

/** @throws TypeError when the hash is not a provider's health */
export function readTrackedProvider(fields: HealthFields): TrackedProvider {
  const { name, status } = fields;
  if (name === undefined || !isStatus(status)) throw new TypeError('Not the health of a provider');
  const failureClass = fields['lastFailureClass'] as FailureClass | undefined;
  return {
    name,
    health: {
      status,
      version: Number(fields['version']),
      failures: Number(fields['failures']),
      successes: Number(fields['successes']),
      ...optional('lastFailureAt', fields),
      ...optional('lastSuccessAt', fields),
      ...optional('unhealthyUntil', fields),
      ...optional('unhealthyVersion', fields),
      ...optional('closedUntil', fields),
      ...(fields['misconfigured'] === undefined ? {} : { misconfigured: true }),
    },
    lastFailure: failureClass && { class: failureClass, message: fields['lastFailureMessage'] || undefined },
    lastResponseMs: fields['lastResponseMs'] === undefined ? undefined : Number(fields['lastResponseMs']),
  };
}

/**
 * The answer of `GET /v1/providers/:name/status`.
 *
 * @param percentiles of its response times of late, when there were any
 */
export function toStatus(
  tracked: TrackedProvider,
  now: number,
  percentiles?: Pick<ResponseTimes, 'p50' | 'p95' | 'p99'>,
): ProviderStatus {
  const { health, lastFailure, lastResponseMs } = tracked;
  const { available, reason } = availability(health, now);
  return {
    name: tracked.name,
    status: health.status,
    available,
    reason,
    consecutiveFailures: health.failures,
    consecutiveSuccesses: health.successes,
    lastFailure: lastFailure && { at: time(health.lastFailureAt) ?? '', ...lastFailure },
    lastSuccessAt: time(health.lastSuccessAt),
    unhealthyUntil: time(health.unhealthyUntil),
    responseTimeMs: responseTimes(lastResponseMs, percentiles),
    version: health.version,
    ageMs: 0,
  };
}

function responseTimes(
  last: number | undefined,
  percentiles: Pick<ResponseTimes, 'p50' | 'p95' | 'p99'> | undefined,
): ResponseTimes | undefined {
  if (percentiles === undefined) return last === undefined ? undefined : { last };
  const { p50, p95, p99 } = percentiles;
  return { last, p50, p95, p99 };
}

const isStatus = (value: string | undefined): value is ProviderStatusName =>
  value === 'healthy' || value === 'degraded' || value === 'unhealthy';

const time = (milliseconds: number | undefined): string | undefined =>
  milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();

function optional<Name extends string>(name: Name, fields: HealthFields): { [N in Name]?: number } {
  return fields[name] === undefined ? {} : ({ [name]: Number(fields[name]) } as { [N in Name]?: number });
}
