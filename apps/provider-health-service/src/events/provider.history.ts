import { Injectable } from '@nestjs/common';
import type { StatusChange } from '@gatehouse/provider-health-contracts';
import type { EntityManager } from 'typeorm';
import type { RecordedStatus } from './recorded-status.js';
import { toStatusChange } from './status-change-answer.js';
import { TransitionRepository, type UnhealthyTime, type UnhealthyTimeOf } from './transition.repository.js';

/** What an operator's word that holds for a time did. */
const OF_OVERRIDES = ['overridden', 'override-lifted', 'override-ended'] as const;

/** What has become of providers, the newest first. */
@Injectable()
export class ProviderHistory {
  constructor(private readonly transitions: TransitionRepository) {}

  /** @param before a version: only what came before it */
  async transitionsOf(provider: string, of: { before?: number; limit: number }): Promise<StatusChange[]> {
    return (await this.transitions.history(provider, of)).map(toStatusChange);
  }

  /** Does work while nothing new is written down. */
  heldBack<Result>(work: (manager: EntityManager) => Promise<Result>): Promise<Result> {
    return this.transitions.heldBack(work);
  }

  async recordedOf(provider: string, manager?: EntityManager): Promise<RecordedStatus> {
    const [last, own, unhealthy] = await this.transitions.last(provider, OF_OVERRIDES, manager);
    return {
      last: last && toStatusChange(last),
      own: own && toStatusChange(own),
      unhealthyVersion: unhealthy?.version,
    };
  }

  /** For how long they were unhealthy from their `from` until `until`, in the order asked, and how often they changed. */
  unhealthyTimes(of: readonly UnhealthyTimeOf[], until: Date): Promise<UnhealthyTime[]> {
    return this.transitions.unhealthyTimes(of, until);
  }
}
