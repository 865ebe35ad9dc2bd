import type { RedisTransportOptions } from '@gatehouse/redis-transport';
import { z } from 'zod';

const milliseconds = (most: number) => z.number().int().min(1).max(most);

/** Bounds; times in milliseconds. */
const Limits = z.strictObject({
  /** Answers say that they are stale when it is longer ago than this that nothing was missed. */
  staleAfterMs: milliseconds(3_600_000).default(10_000),
  /** For how long provider-health-service may take to answer. */
  requestTimeoutMs: milliseconds(60_000).default(3_000),
  /** A batch of outcomes leaves after so long; one with a failure at once. */
  batchMs: milliseconds(60_000).default(5),
  /** … or with so many. */
  batchSize: z.number().int().min(1).max(1_000).default(100),
  /** Outcomes that are not answered after so long are counted by this process itself. */
  localAfterMs: milliseconds(60_000).default(1_000),
  /** So many outcomes wait; then the oldest successes make room. */
  maxQueuedOutcomes: z.number().int().min(100).max(1_000_000).default(10_000),
  /** About so often the fleet's response times are asked for. */
  responseTimesEveryMs: milliseconds(3_600_000).default(30_000),
  /** API keys of providers are kept in memory for so long. */
  keepKeysMs: milliseconds(3_600_000).default(300_000),
  /** At the end of the process, outcomes are reported for so long and no longer. */
  flushMs: z.number().int().min(0).max(60_000).default(2_000),
});

/** Bounds of a client; each has a default. */
export type ProviderClientLimits = z.infer<typeof Limits>;

/** How a process comes to know the health of providers. */
export interface ProviderClientOptions extends Partial<ProviderClientLimits> {
  /** The Redis over which provider-health-service is reached. Not needed with `RedisTransportModule` in the application. */
  redis?: RedisTransportOptions['redis'];
  /** Namespace of the transport on that Redis; `gatehouse`. */
  namespace?: string;
  /**
   * The service's own access token, with `redis`: it needs `providers:read` and `providers:report`, for marks
   * `providers:override`, and for API keys `providers:use-key`.
   */
  identity?: () => Promise<string>;
}

/** @throws TypeError that names what is wrong */
export function clientLimits(options: ProviderClientOptions): ProviderClientLimits {
  const { redis: _redis, namespace: _namespace, identity: _identity, ...limits } = options;
  const parsed = Limits.safeParse(limits);
  if (parsed.success) return parsed.data;
  throw new TypeError(`ProviderClientOptions: ${z.prettifyError(parsed.error)}`);
}
