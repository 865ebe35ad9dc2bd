import { Injectable } from '@nestjs/common';
import type { Override } from '@gatehouse/provider-health-rules';
import type { EntityManager } from 'typeorm';
import { OverrideRepository } from './override.repository.js';

/** Which overrides hold, as PostgreSQL keeps them: they survive a Redis that is lost. */
@Injectable()
export class OverrideRegistry {
  constructor(private readonly overrides: OverrideRepository) {}

  async find(provider: string, manager: EntityManager): Promise<Override | undefined> {
    const found = await this.overrides.find(manager, provider);
    if (found === null) return undefined;
    const { status, reason, by, at, until } = found;
    const override = { status, reason, by, at: at.getTime() };
    return until === null ? override : { ...override, until: until.getTime() };
  }
}
