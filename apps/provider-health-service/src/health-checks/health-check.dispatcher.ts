import { Injectable, Logger } from '@nestjs/common';
import { CheckClaimRepository } from './check-claim.repository.js';
import { CheckedProviderRegistry } from './checked-provider.registry.js';
import type { CheckClaim } from './check-claim.js';
import { HealthCheckRecorder } from './health-check.recorder.js';
import { HealthCheckRunner } from './health-check.runner.js';

/** So many checks of one replica run at a time; each ends at its timeout at the latest. */
const MOST_AT_ONCE = 100;
const CLAIMED_AT_ONCE = 200;
/** A replica that doubts itself leaves a slot to the others for half of the interval. */
const PATIENCE = 0.5;

/** Takes the checks that are due and runs them, beside each other. */
@Injectable()
export class HealthCheckDispatcher {
  private readonly logger = new Logger(HealthCheckDispatcher.name);
  private readonly running = new Map<string, Promise<void>>();

  constructor(
    private readonly providers: CheckedProviderRegistry,
    private readonly claims: CheckClaimRepository,
    private readonly runner: HealthCheckRunner,
    private readonly recorder: HealthCheckRecorder,
  ) {}

  /** Starts what is due. @param signal ends what runs, unrecorded */
  async dispatch(signal: AbortSignal): Promise<void> {
    const idle = this.providers.known(performance.now()).filter(({ name }) => !this.running.has(name));
    const patience = this.recorder.suspectsItself ? PATIENCE : 0;
    for (let from = 0; from < idle.length && !signal.aborted; from += CLAIMED_AT_ONCE) {
      const room = MOST_AT_ONCE - this.running.size;
      if (room <= 0) return;
      const some = idle.slice(from, from + CLAIMED_AT_ONCE);
      for (const claim of await this.claims.claim(some, { room, patience })) this.start(claim, signal);
    }
  }

  /** Waits for what runs. */
  async drained(): Promise<void> {
    await Promise.all(this.running.values());
  }

  private start(claim: CheckClaim, signal: AbortSignal): void {
    const { name } = claim.provider;
    const run = async () => {
      try {
        await this.recorder.record(claim, await this.runner.run(claim.provider, signal));
      } catch (error) {
        // Redis or PostgreSQL is away: the slot is lost, the next one follows.
        this.logger.warn({ err: error, provider: name }, 'A health check was lost');
      } finally {
        this.running.delete(name);
      }
    };
    this.running.set(name, run());
  }
}
