import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import type { Override } from '@gatehouse/provider-health-rules';
import type { EntityManager } from 'typeorm';
import { MarkRegistry, type PendingMark } from '../marks/mark.registry.js';
import { OverrideRegistry } from '../overrides/override.registry.js';
import { HealthRepository, type Reading } from './health.repository.js';

/** What operators have said of a provider. */
export interface OperatorWords {
  override?: Override;
  /** The oldest first. */
  marks: PendingMark[];
}

/** Brings to Redis what operators have said of providers, as PostgreSQL has it. */
@Injectable()
export class OperatorRelay {
  constructor(
    private readonly health: HealthRepository,
    private readonly overrides: OverrideRegistry,
    private readonly marks: MarkRegistry,
  ) {}

  async wordsOn(name: string, manager: EntityManager): Promise<OperatorWords> {
    const override = await this.overrides.find(name, manager);
    return { override, marks: await this.marks.pendingOf(name, manager) };
  }

  /**
   * In the order in which it was said: an override that was lifted goes, then come the marks, which are only made while there
   * is none, then the override that holds.
   *
   * @param reading of the provider, which the manager's transaction holds
   */
  async tell(reading: Reading, { override, marks }: OperatorWords, manager: EntityManager): Promise<Reading> {
    const { name, health } = reading.provider;
    const isHeld = isDeepStrictEqual(known(health.override), known(override));
    let last = reading;
    const then = (next: Reading | undefined) =>
      (last = next === undefined ? last : { ...next, changed: last.changed || next.changed });
    if (health.override !== undefined && override === undefined) then(await this.health.liftOverride(name));
    const told: string[] = [];
    for (const { id, ...mark } of marks) {
      const marked = await this.health.mark(name, { id, ...mark });
      then(marked);
      if (marked?.done === true) told.push(id);
    }
    // Where it is laid, Redis still has to know when it ends.
    if (override !== undefined)
      then(isHeld ? await this.health.settle(name) : await this.health.putOverride(name, override));
    await this.marks.settle(told, manager);
    return last;
  }

  /** What is known of all providers: the overrides, and who has marks that Redis may not know. */
  async all(): Promise<{ overrides: ReadonlyMap<string, Override>; marked: ReadonlySet<string> }> {
    return { overrides: await this.overrides.all(), marked: new Set(await this.marks.providers()) };
  }
}

/** The same without what is undefined. */
export const known = (override: Override | undefined): unknown =>
  override && (JSON.parse(JSON.stringify(override)) as unknown);
