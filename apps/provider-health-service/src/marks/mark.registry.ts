import { Injectable } from '@nestjs/common';
import type { ProviderStatusName } from '@gatehouse/provider-health-contracts';
import type { EntityManager } from 'typeorm';
import { MarkRepository } from './mark.repository.js';

/** A mark that PostgreSQL has, with its audit event, and of which Redis may not know. */
export interface PendingMark {
  /** Grows with each mark of a provider. */
  id: string;
  status: ProviderStatusName;
  responseTimeMs?: number;
}

/** Which marks are still to be told to Redis. */
@Injectable()
export class MarkRegistry {
  constructor(private readonly marks: MarkRepository) {}

  /** Those of a provider, the oldest first. */
  async pendingOf(provider: string, manager: EntityManager): Promise<PendingMark[]> {
    const found = await this.marks.pendingOf(manager, provider);
    return found.map(({ id, status, responseTimeMs }) => ({
      ...{ id, status },
      ...(responseTimeMs === null ? {} : { responseTimeMs }),
    }));
  }

  /** Redis knows of these. */
  async settle(ids: string[], manager: EntityManager): Promise<void> {
    if (ids.length > 0) await this.marks.remove(manager, ids);
  }

  /** The providers that have such marks. */
  providers(): Promise<string[]> {
    return this.marks.providers();
  }
}
