import type { CreateProviderBody, ProviderStatus, ResponseTimes } from '@gatehouse/provider-health-contracts';

/** What a chain is made of, as one reading found it; what is left out is not known. */
export interface Candidate extends Pick<
  ProviderStatus,
  'name' | 'status' | 'available' | 'reason' | 'version'
> {
  /** What `weighted` and `cheapest` choose by. */
  readonly provider?: Partial<Pick<CreateProviderBody, 'weight' | 'costPerMillionTokens'>>;
  /** What `least-latency` falls back to; milliseconds. */
  readonly responseTimeMs?: ResponseTimes;
  /** Of one that is not available, when it may be called again, milliseconds since 1970. */
  readonly availableAt?: number;
}
