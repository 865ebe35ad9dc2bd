import type { ReportedEntry } from './outcome-entry.js';
import { Sketch } from './sketch.js';
import { type Grain, GRAINS, partOf } from './window-parts.js';

/** What a number of outcomes came to. */
export class Tally {
  successes = 0;
  /** By class; one that this version does not know is counted all the same. */
  readonly failures = new Map<string, number>();
  /** Of the successes, ms. */
  readonly responseTimes = Sketch.empty();

  add(kind: string, responseTimeMs: number | null): void {
    if (kind !== 'success') return this.fail(kind, 1);
    this.successes++;
    if (responseTimeMs !== null) this.responseTimes.add(responseTimeMs);
  }

  merge(other: Pick<Tally, 'successes' | 'failures' | 'responseTimes'>): void {
    this.successes += other.successes;
    for (const [kind, count] of other.failures) this.fail(kind, count);
    this.responseTimes.merge(other.responseTimes);
  }

  private fail(kind: string, count: number): void {
    this.failures.set(kind, (this.failures.get(kind) ?? 0) + count);
  }
}

/** What is known of a provider for a minute, an hour, or a day. */
export interface Rollup {
  provider: string;
  grain: Grain;
  /** Where it begins, ms since 1970. */
  at: number;
  tally: Tally;
}

/** Outcomes by provider and minute, and the same by hour and by day. */
export class RollupTable {
  private readonly rollups = new Map<string, Rollup>();

  add({ at, outcomes }: ReportedEntry): void {
    for (const [provider, kind, responseTimeMs] of outcomes)
      this.rollup(provider, 'minute', at).tally.add(kind, responseTimeMs);
  }

  /** In an order that does not depend on that of the outcomes. */
  all(): Rollup[] {
    for (const { provider, at, tally } of [...this.rollups.values()])
      for (const grain of ['hour', 'day'] as const) this.rollup(provider, grain, at).tally.merge(tally);
    return [...this.rollups].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, rollup]) => rollup);
  }

  private rollup(provider: string, grain: Grain, moment: number): Rollup {
    const at = partOf(moment, grain);
    const key = `${provider} ${GRAINS[grain].length} ${at}`;
    let rollup = this.rollups.get(key);
    if (rollup === undefined) this.rollups.set(key, (rollup = { provider, grain, at, tally: new Tally() }));
    return rollup;
  }
}
