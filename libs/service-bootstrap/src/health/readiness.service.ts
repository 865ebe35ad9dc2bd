import { Injectable, type Type } from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import { HealthIndicatorService, type HealthIndicatorResult } from '@nestjs/terminus';
import { RevocationGate } from '@gatehouse/access-control';
import { DatabaseConnection } from '@gatehouse/database';
import { RedisHealth } from '@gatehouse/redis';
import { RedisTransportHealth } from '@gatehouse/redis-transport';
import { DrainState } from './drain.state.js';
import { HealthDetails } from './health.details.js';
import { StartGate } from './start.gate.js';

/** Anything that can say whether it works: `check` rejects when it does not. */
interface Checkable {
  check(): Promise<unknown>;
}

const DEPENDENCIES: Readonly<Record<string, Type<Checkable>>> = {
  database: DatabaseConnection,
  redis: RedisHealth,
  transport: RedisTransportHealth,
  revocations: RevocationGate,
};

/** An answer that takes longer counts as none: a probe must not hang with what it probes. */
const CHECK_TIMEOUT_MS = 2000;

/** What a service needs before it can do its work, found among the modules that it imports. */
@Injectable()
export class ReadinessService {
  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly indicators: HealthIndicatorService,
    private readonly drain: DrainState,
    private readonly start: StartGate,
    private readonly details: HealthDetails,
  ) {}

  /**
   * One indicator a dependency that this service has, one for the service itself (starting, stopping, or at work), and those
   * that it tells more by.
   */
  checks(): (() => Promise<HealthIndicatorResult>)[] {
    const checks = [async () => this.ownState()];
    for (const [name, type] of Object.entries(DEPENDENCIES)) {
      const dependency = this.find(type);
      if (dependency !== undefined) checks.push(() => this.check(name, dependency));
    }
    for (const [name, read] of this.details.list()) checks.push(() => this.tell(name, read));
    return checks;
  }

  private ownState(): HealthIndicatorResult {
    const indicator = this.indicators.check('service');
    if (this.drain.begun) return indicator.down({ reason: 'stopping' });
    const { waitingFor } = this.start;
    return waitingFor.length > 0 ? indicator.down({ reason: 'starting', waitingFor }) : indicator.up();
  }

  private async check(name: string, dependency: Checkable): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    try {
      const state = await withinTimeout(dependency.check());
      return indicator.up(typeof state === 'object' && state !== null ? { ...state } : undefined);
    } catch (error) {
      return indicator.down({ reason: error instanceof Error ? error.message : 'unknown' });
    }
  }

  private async tell(name: string, read: () => Promise<object>): Promise<HealthIndicatorResult> {
    const indicator = this.indicators.check(name);
    try {
      return indicator.up({ ...(await withinTimeout(read())) });
    } catch (error) {
      return indicator.up({ unknown: error instanceof Error ? error.message : 'unknown' });
    }
  }

  private find(type: Type<Checkable>): Checkable | undefined {
    try {
      return this.moduleRef.get(type, { strict: false });
    } catch {
      return undefined;
    }
  }
}

async function withinTimeout<State>(check: Promise<State>): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
