import { z } from 'zod';
import { CheckHeaders } from './check-headers.js';
import { ProviderName } from './provider-name.js';
import type { FailureClass, ProviderStatus } from './provider-status.js';

const API_KEY_TEMPLATE = '{{apiKey}}';
const holdsNoKey = (text: string) => !text.includes(API_KEY_TEMPLATE);
const NO_KEY_HERE = 'must not hold {{apiKey}}: it stands in header values only';

const STATUS_RANGE = /^([1-5]\d\d)(?:-([1-5]\d\d))?$/;

/** `200`, or `200-299`, both ends included. */
export const StatusRange = z
  .string()
  .regex(STATUS_RANGE, 'must be a status or a range, e.g. 200-299')
  .refine((range) => {
    const [from = '', to = from] = range.split('-');
    return from <= to;
  }, 'must not end before it begins');

const schedule = {
  /** A third of it, and at least a second, while the provider is degraded, half-open or misconfigured. */
  intervalSeconds: z.number().int().min(1).max(86_400).default(60),
  /** For all of one check; not longer than the interval. */
  timeoutMs: z.number().int().min(100).max(60_000).default(5_000),
  /** Each check comes up to this share of the interval later, so that checks of many providers do not come at once. */
  jitter: z.number().min(0).max(0.5).default(0.1),
  /** No check while calls of the last interval say how the provider is. */
  suppressWhenTraffic: z.boolean().default(true),
};

/** When a provider is checked; what is left out stays, or gets its default. */
export const HealthCheckSchedule = z
  .strictObject({
    intervalSeconds: schedule.intervalSeconds.unwrap(),
    timeoutMs: schedule.timeoutMs.unwrap(),
    jitter: schedule.jitter.unwrap(),
    suppressWhenTraffic: schedule.suppressWhenTraffic.unwrap(),
  })
  .partial();
export type HealthCheckSchedule = z.infer<typeof HealthCheckSchedule>;

const HttpHealthCheck = z.strictObject({
  type: z.literal('http'),
  /** Put behind the provider's `baseUrl`, e.g. `/models`; the `baseUrl` itself when neither this nor `url` is given. */
  path: z
    .string()
    .max(2_048)
    .regex(/^\/[!-~]*$/, 'must begin with / and hold no space')
    .refine(holdsNoKey, NO_KEY_HERE)
    .optional(),
  /** Another place than the `baseUrl`; where its origin is another, headers must not hold the key. */
  url: z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .max(2_048)
    .refine(holdsNoKey, NO_KEY_HERE)
    .optional(),
  method: z.enum(['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']).default('GET'),
  headers: CheckHeaders.default({}),
  body: z.string().max(16_384).refine(holdsNoKey, NO_KEY_HERE).optional(),
  expectedStatus: z.array(StatusRange).min(1).max(20).default(['200-299']),
  ...schedule,
});

const TcpHealthCheck = z.strictObject({
  type: z.literal('tcp'),
  /** That of the `baseUrl` when left out. */
  port: z.number().int().min(1).max(65_535).optional(),
  ...schedule,
});

/** How a provider is found to be up when nobody calls it. */
export const HealthCheck = z
  .discriminatedUnion('type', [HttpHealthCheck, TcpHealthCheck])
  .refine((check) => check.timeoutMs <= check.intervalSeconds * 1_000, {
    path: ['timeoutMs'],
    error: 'must not be longer than the interval',
  })
  .refine((check) => check.type !== 'http' || check.path === undefined || check.url === undefined, {
    path: ['url'],
    error: 'must not be given beside a path',
  })
  .refine((check) => check.type !== 'http' || check.body === undefined || hasBody(check.method), {
    path: ['body'],
    error: 'goes with POST and PUT only',
  });
export type HealthCheck = z.infer<typeof HealthCheck>;

/** As it is told: of headers the names, since their values may be secrets. */
export type ToldHealthCheck =
  | (Omit<z.infer<typeof HttpHealthCheck>, 'headers'> & { headerNames: string[] })
  | z.infer<typeof TcpHealthCheck>;

const hasBody = (method: string) => method === 'POST' || method === 'PUT';

export const ScheduleHealthChecks = z.strictObject({ name: ProviderName, schedule: HealthCheckSchedule });
export type ScheduleHealthChecks = z.infer<typeof ScheduleHealthChecks>;

/** What one check found. Nothing of what was sent or came is in it, but the HTTP status. */
export interface HealthCheckResult {
  name: string;
  ok: boolean;
  /** How a failure counts: as one of a caller. */
  class?: FailureClass;
  /** What was wrong, e.g. `unexpected status` or `network: ECONNREFUSED`. */
  message?: string;
  /** Of the answer, when one came. */
  httpStatus?: number;
  responseTimeMs: number;
  /** ISO 8601, UTC: when it ended. */
  at: string;
}

/** The result of a check that was asked for, and what the provider is with it. */
export interface HealthCheckAnswer extends HealthCheckResult {
  provider: ProviderStatus;
}
