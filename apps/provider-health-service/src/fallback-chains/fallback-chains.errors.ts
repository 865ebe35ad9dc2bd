import { DomainError } from '@gatehouse/problem-details';
import type { AvailabilityReason } from '@gatehouse/provider-health-contracts';

/** 503 `no-provider-available`: `errors` says of each candidate why not. */
export class NoProviderAvailableError extends DomainError {
  constructor(candidates: readonly { name: string; reason: AvailabilityReason }[]) {
    super({
      type: 'no-provider-available',
      status: 503,
      title: 'No provider is available',
      errors: candidates.map(({ name, reason }) => ({ path: name, message: reason })),
      retryAfterSeconds: 5,
    });
  }
}
