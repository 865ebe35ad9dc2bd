import { z } from 'zod';
import type { HealthCheckAnswer, ScheduleHealthChecks } from './health-check.js';
import { MarkBody } from './override.js';
import type { OutcomesAnswer, RecordOutcomes } from './outcome.js';
import type { ProbePermit } from './probe-permit.js';
import { ProviderName } from './provider-name.js';
import type { ResponseTimesAnswer, SnapshotAnswer } from './provider-snapshot.js';
import type { Page } from './provider-queries.js';
import type { ProviderStatus } from './provider-status.js';
import type { AllStatisticsQuery, AskStatistics, ProviderStatistics } from './statistics.js';
import type { ProviderAnswer } from './provider.js';

export const AskProvider = z.strictObject({ name: ProviderName });
export type AskProvider = z.infer<typeof AskProvider>;

export const MarkProvider = z.strictObject({ name: ProviderName, ...MarkBody.shape });
export type MarkProvider = z.infer<typeof MarkProvider>;

export const AskSnapshot = z.strictObject({});
export type AskSnapshot = z.infer<typeof AskSnapshot>;

export const AskResponseTimes = z.strictObject({});
export type AskResponseTimes = z.infer<typeof AskResponseTimes>;

/** The public key is made for this one request: X25519, 32 bytes as base64url. */
export const UseProviderKey = z.strictObject({
  name: ProviderName,
  publicKey: z.string().regex(/^[\w-]{43}$/, 'must be 32 bytes as base64url'),
});
export type UseProviderKey = z.infer<typeof UseProviderKey>;

/** A provider's API key, for who asked and for one origin. */
export interface ReleasedProviderKey {
  keyId: string;
  /** The only origin that it may be sent to: scheme, host and port. */
  origin: string;
  /** Sealed to the public key of the request, for `releaseContext`; see `openBox` of `libs/envelope-encryption`. */
  sealedKey: string;
}

/** What the key is sealed for: with another name, key id or origin it does not open. */
export const releaseContext = (of: { name: string; keyId: string; origin: string }): string =>
  `providers.use-key:${of.name}:${of.keyId}:${of.origin}`;

/** What provider-health-service answers to other services, `RequestClient<ProviderRequests>`. */
export interface ProviderRequests {
  /** Every provider with its health; needs `providers:read`. */
  'providers.snapshot': { payload: AskSnapshot; answer: SnapshotAnswer };
  /** How long providers take to answer; needs `providers:read`. */
  'providers.response-times': { payload: AskResponseTimes; answer: ResponseTimesAnswer };
  /** As `GET /v1/providers/:name/status`; needs `providers:read`. */
  'providers.status': { payload: AskProvider; answer: ProviderStatus };
  /** Counts a batch of a reporter, each outcome once; needs `providers:report`. */
  'providers.record-outcomes': { payload: RecordOutcomes; answer: OutcomesAnswer };
  /** As `POST /v1/providers/:name/permits`; needs `providers:report`. */
  'providers.acquire-permit': { payload: AskProvider; answer: ProbePermit };
  /** As `POST /v1/providers/:name/marks`; needs `providers:override`. */
  'providers.mark': { payload: MarkProvider; answer: ProviderStatus };
  /** As `GET /v1/providers/:name/stats`; needs `providers:read`. */
  'providers.stats': { payload: AskStatistics; answer: ProviderStatistics };
  /** As `GET /v1/providers/stats`; needs `providers:read`. */
  'providers.all-stats': { payload: AllStatisticsQuery; answer: Page<ProviderStatistics> };
  /** As `POST /v1/providers/:name/check`; needs `providers:write`. */
  'providers.check': { payload: AskProvider; answer: HealthCheckAnswer };
  /** Changes when a provider is checked; needs `providers:write`. */
  'providers.schedule-checks': { payload: ScheduleHealthChecks; answer: ProviderAnswer };
  /** A provider's API key, sealed to the caller; needs `providers:use-key`, and to be a service. */
  'providers.use-key': { payload: UseProviderKey; answer: ReleasedProviderKey };
}
