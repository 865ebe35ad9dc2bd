import { Injectable } from '@nestjs/common';
import type { OutcomeResult, ProviderOutcome } from '@gatehouse/provider-health-contracts';
import { DEFAULT_RETRY_AFTER_MS, retryAfterMs } from '@gatehouse/provider-health-rules';
import { toProblem } from '@gatehouse/problem-details';
import { UnknownProviderError } from '../providers/providers.errors.js';
import { HealthPublisher } from './health.publisher.js';
import { HealthRepository, type Numbering, type Reading, type ReportedOutcome } from './health.repository.js';
import { HealthSeeder } from './health.seeder.js';

/** Counts outcomes for the whole fleet: one call of Redis for a batch, whatever providers it is about. */
@Injectable()
export class OutcomeRecorder {
  constructor(
    private readonly health: HealthRepository,
    private readonly seeder: HealthSeeder,
    private readonly publisher: HealthPublisher,
  ) {}

  /** @throws UnknownProviderError */
  async recordOne(outcome: ProviderOutcome): Promise<Reading> {
    const { name } = outcome;
    const reading = (await this.count([outcome])).readings.get(name);
    if (reading === undefined) throw new UnknownProviderError(name);
    return reading;
  }

  /**
   * Counts one of a reporter, unless it or a later one of that reporter was counted before: in one step.
   *
   * @returns undefined when it was not counted
   * @throws UnknownProviderError
   */
  async recordNumbered(outcome: ProviderOutcome, numbering: Numbering): Promise<Reading | undefined> {
    const { readings, counted } = await this.count([outcome], numbering);
    const reading = readings.get(outcome.name);
    if (reading === undefined) throw new UnknownProviderError(outcome.name);
    return counted[0] === true ? reading : undefined;
  }

  /**
   * Counts those of providers that exist and refuses the others.
   *
   * @param numbering of a reporter: what has been counted of it is passed over
   */
  async record(outcomes: readonly ProviderOutcome[], numbering?: Numbering): Promise<OutcomeResult[]> {
    const { readings } = await this.count(outcomes, numbering);
    return outcomes.map(({ name }): OutcomeResult => {
      const health = readings.get(name)?.provider.health;
      if (health !== undefined)
        return { name, accepted: true, status: health.status, version: health.version };
      const { type, title, status } = toProblem(new UnknownProviderError(name));
      return { name, accepted: false, problem: { type, title, status } };
    });
  }

  private async count(
    outcomes: readonly ProviderOutcome[],
    numbering?: Numbering,
  ): Promise<{ readings: Map<string, Reading>; counted: boolean[] }> {
    const reported = outcomes.map(toReported);
    const unknown = new Set<string>();
    let missing: string[] = [];
    const recorded = await this.seeder.untilKnown(
      async () => {
        const answer = await this.health.record(reported, { numbering, unknown });
        missing = answer.missing ?? [];
        return answer.missing === undefined ? answer : undefined;
      },
      async () => {
        for (const name of await this.seeder.seedAll(missing)) unknown.add(name);
      },
    );
    this.publisher.announce(recorded.readings.values());
    return recorded;
  }
}

function toReported(outcome: ProviderOutcome): ReportedOutcome {
  if (!('class' in outcome)) return { kind: 'success', ...outcome };
  const { class: kind, retryAfter, ...rest } = outcome;
  // A date is compared with the clock of this host: it is no more exact than the provider's.
  const wait = retryAfterMs(retryAfter, Date.now()) ?? DEFAULT_RETRY_AFTER_MS;
  return { kind, retryAfterMs: wait, ...rest };
}
