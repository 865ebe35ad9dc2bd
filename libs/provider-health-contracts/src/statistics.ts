import { z } from 'zod';
import { ProviderName } from './provider-name.js';
import type { FailureClass } from './provider-status.js';

/** How far back: minutes, hours, days. */
export const STATISTICS_WINDOWS = ['5m', '1h', '24h', '30d'] as const;
export const StatisticsWindow = z.enum(STATISTICS_WINDOWS);
export type StatisticsWindow = z.infer<typeof StatisticsWindow>;

const window = StatisticsWindow.default('1h');

export const StatisticsQuery = z.strictObject({ window });
export type StatisticsQuery = z.infer<typeof StatisticsQuery>;

export const AllStatisticsQuery = z.strictObject({
  window,
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type AllStatisticsQuery = z.infer<typeof AllStatisticsQuery>;

export const AskStatistics = z.strictObject({ name: ProviderName, window });
export type AskStatistics = z.infer<typeof AskStatistics>;

/** Milliseconds, of successes; each within 1 % of the exact one by nearest rank. */
export interface ResponseTimePercentiles {
  p50: number;
  p90: number;
  p95: number;
  p99: number;
  max: number;
}

/** What became of the calls to a provider. Times ISO 8601 UTC. */
export interface ProviderStatistics {
  name: string;
  window: StatisticsWindow;
  /**
   * Where the counts begin: the border of a minute that is not after the beginning of the window, of `30d` that of an
   * hour; or when the provider was created, if that is later.
   */
  from: string;
  /** Now: the live minute is counted. */
  to: string;
  /** `successes + failures`, each reported outcome once. */
  calls: number;
  successes: number;
  /** The sum of `failuresByClass`. */
  failures: number;
  /** Classes of which there were none are left out. */
  failuresByClass: Partial<Record<FailureClass, number>>;
  /** Successes of the calls that were the provider's to serve: `client` and `cancelled` are left out. `null` without any. */
  successRate: number | null;
  /** `null` when no success in the window was measured. */
  responseTimeMs: ResponseTimePercentiles | null;
  /** Share of the time from `from` to `to` in which it was not unhealthy; `null` when there is no such time yet. */
  uptime: number | null;
  /** Changes of its status. */
  transitions: number;
}
