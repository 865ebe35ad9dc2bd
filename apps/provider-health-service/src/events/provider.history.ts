import { Injectable } from '@nestjs/common';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import { TransitionRepository } from './transition.repository.js';

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
}
