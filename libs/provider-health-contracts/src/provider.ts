import { z } from 'zod';
import { HealthCheck, type ToldHealthCheck } from './health-check.js';
import { HttpUrl } from './http-url.js';
import { ProviderName } from './provider-name.js';

/**
 * A provider's API key as a header can carry it. Write-only: no answer, event or log has it. What is refused is not
 * repeated.
 */
export const ProviderApiKey = z
  .string()
  .min(8)
  .max(4_096)
  .regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters without spaces');

/** What is told of a provider's API key. */
export interface ProviderKeyAnswer {
  /** Changes with each new key. */
  keyId: string;
  /** Its last four characters, of a key of 16 or more. */
  last4?: string;
  /** ISO 8601, UTC. */
  setAt: string;
}

const count = () => z.number().int().min(1).max(1_000);

const share = () => z.number().gt(0).max(1);

/**
 * A rule beside the runs: what share of the calls within the window failed. On and off at different shares, so that a
 * provider near one of them does not change all the time.
 */
export const FailureRatePolicy = z
  .strictObject({
    windowSeconds: z.number().int().min(10).max(3_600).default(30),
    /** With fewer calls in the window it says nothing. */
    minimumCalls: count().default(20),
    /** Degraded from this share on, until it is below `recoveredBelow`. */
    degradedFrom: share().default(0.1),
    recoveredBelow: share().default(0.05),
    unhealthyFrom: share().default(0.5),
  })
  .refine(
    (policy) => policy.recoveredBelow <= policy.degradedFrom && policy.degradedFrom <= policy.unhealthyFrom,
    'must be recoveredBelow <= degradedFrom <= unhealthyFrom',
  );
export type FailureRatePolicy = z.infer<typeof FailureRatePolicy>;

const policyFields = {
  degradedAfter: count(),
  unhealthyAfter: count(),
  healthyAfter: count(),
  unhealthySeconds: z.number().int().min(1).max(86_400),
  /** A failure that comes longer than this after the last one begins a new run. */
  failureWindowSeconds: z.number().int().min(1).max(604_800),
  /** So many callers of the whole fleet try a half-open provider at a time. */
  probePermits: count(),
};

/** When a provider changes its status; counts are of consecutive outcomes of the whole fleet. */
export const HealthPolicy = z.strictObject({
  degradedAfter: policyFields.degradedAfter.default(3),
  unhealthyAfter: policyFields.unhealthyAfter.default(5),
  healthyAfter: policyFields.healthyAfter.default(3),
  unhealthySeconds: policyFields.unhealthySeconds.default(300),
  failureWindowSeconds: policyFields.failureWindowSeconds.default(3_600),
  probePermits: policyFields.probePermits.default(1),
  failureRate: FailureRatePolicy.optional(),
});
export type HealthPolicy = z.infer<typeof HealthPolicy>;

export const DEFAULT_HEALTH_POLICY: Readonly<HealthPolicy> = HealthPolicy.parse({});

const fields = {
  /** What it is, e.g. `openai`; free. */
  kind: z.string().trim().min(1).max(64),
  baseUrl: HttpUrl,
  /** Sent to the origin of `baseUrl` and nowhere else. */
  apiKey: ProviderApiKey,
  /** The smaller, the earlier. */
  priority: z.number().int().min(0).max(1_000_000),
  weight: z.number().min(0).max(1_000_000),
  costPerMillionTokens: z.number().min(0).max(1_000_000),
  models: z.array(z.string().min(1).max(128)).max(1_000),
  tags: z.array(z.string().min(1).max(64)).max(100),
};

export const CreateProviderBody = z.strictObject({
  name: ProviderName,
  kind: fields.kind,
  baseUrl: fields.baseUrl,
  apiKey: fields.apiKey.optional(),
  priority: fields.priority.default(100),
  weight: fields.weight.default(1),
  costPerMillionTokens: fields.costPerMillionTokens.optional(),
  models: fields.models.default([]),
  tags: fields.tags.default([]),
  policy: HealthPolicy.prefault({}),
  healthCheck: HealthCheck.optional(),
});
export type CreateProviderBody = z.infer<typeof CreateProviderBody>;

/** What is left out stays; `null` removes. */
export const HealthPolicyChange = z
  .strictObject(policyFields)
  .partial()
  .extend({ failureRate: FailureRatePolicy.nullable().optional() });
export type HealthPolicyChange = z.infer<typeof HealthPolicyChange>;

/**
 * What is left out stays, `null` removes. Lists, `healthCheck` and `policy.failureRate` are replaced as a whole. A `baseUrl`
 * of another origin (scheme, host or port) without an `apiKey` beside it removes the key, which belongs to the old one.
 */
export const UpdateProviderBody = z
  .strictObject({
    ...fields,
    apiKey: fields.apiKey.nullable(),
    costPerMillionTokens: fields.costPerMillionTokens.nullable(),
    policy: HealthPolicyChange,
    healthCheck: HealthCheck.nullable(),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateProviderBody = z.infer<typeof UpdateProviderBody>;

export interface ProviderAnswer extends Omit<CreateProviderBody, 'apiKey' | 'healthCheck'> {
  /** Of a provider that has an API key. */
  apiKey?: ProviderKeyAnswer;
  healthCheck?: ToldHealthCheck;
  /** ISO 8601, UTC. */
  createdAt: string;
}
