import { Injectable } from '@nestjs/common';
import type { Override } from '@gatehouse/provider-health-rules';
import type { EntityManager } from 'typeorm';
import { ProviderOverriddenError } from '../health-tracking/health-tracking.errors.js';
import { UnknownProviderError } from '../providers/providers.errors.js';
import type { OverrideEntity } from './override.entity.js';
import { OverrideRepository } from './override.repository.js';

/** Which overrides hold, as PostgreSQL keeps them: they survive a Redis that is lost. */
@Injectable()
export class OverrideRegistry {
  constructor(private readonly overrides: OverrideRepository) {}

  async find(provider: string, manager: EntityManager): Promise<Override | undefined> {
    const found = await this.overrides.find(manager, provider);
    return found === null ? undefined : toOverride(found);
  }

  /**
   * Holds a provider until the transaction ends, so that none is put on it meanwhile.
   *
   * @throws UnknownProviderError
   * @throws ProviderOverriddenError (409) while one holds, by the clock of PostgreSQL
   */
  async holdUnlessOverridden(provider: string, manager: EntityManager): Promise<void> {
    if (!(await this.overrides.holdProvider(manager, provider))) throw new UnknownProviderError(provider);
    const found = await this.overrides.find(manager, provider);
    const isOver = found?.until != null && found.until <= (await this.overrides.now(manager));
    if (found !== null && !isOver) throw new ProviderOverriddenError(provider);
  }

  /** By provider. Those that ended long ago, and were left behind when they did, are removed. */
  async all(): Promise<ReadonlyMap<string, Override>> {
    await this.overrides.removeLongEnded();
    return new Map((await this.overrides.all()).map((found) => [found.provider, toOverride(found)]));
  }
}

function toOverride({ status, reason, by, at, until }: OverrideEntity): Override {
  const override = { status, reason, by, at: at.getTime() };
  return until === null ? override : { ...override, until: until.getTime() };
}
