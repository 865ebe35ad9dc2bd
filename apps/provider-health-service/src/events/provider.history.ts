import { Injectable } from '@nestjs/common';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { TransitionRepository, type UnhealthyTime, type UnhealthyTimeOf } from './transition.repository.js';

/** What has become of providers, the newest first. */
@Injectable()
export class ProviderHistory {
  constructor(private readonly transitions: TransitionRepository) {}

  /** @param before a version: only what came before it */
  async transitionsOf(provider: string, of: { before?: number; limit: number }): Promise<StatusChange[]> {
    const rows = await this.transitions.history(provider, of);
    return rows.map(({ from, to, reason, version, at }) => ({
      ...{ provider, from, to, reason, version },
      at: at.toISOString(),
    }));
  }

  /** For how long they were unhealthy from their `from` until `until`, in the order asked, and how often they changed. */
  unhealthyTimes(of: readonly UnhealthyTimeOf[], until: Date): Promise<UnhealthyTime[]> {
    return this.transitions.unhealthyTimes(of, until);
  }
}
