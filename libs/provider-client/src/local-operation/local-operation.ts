import type { KnownProvider } from '../known-providers/known-provider.js';
import { knownProvider } from '../known-providers/known-provider.js';
import type { KnownProviders } from '../known-providers/known-providers.js';
import type { OutcomeQueue } from '../outcomes/outcome-queue.js';
import type { QueuedOutcome } from '../outcomes/queued-outcome.js';
import { afterOutcomes } from './local-health.js';

/**
 * What this process makes of providers by itself while its outcomes are not counted by the fleet.
 *
 * - `off`: the fleet counts, and what it says is what is known.
 * - `away`: outcomes are not answered. Each provider is what the fleet last said of it, and on top of that every own outcome
 *   that was not answered, by the same rules. Word from the fleet meanwhile changes what lies beneath, and own outcomes stay
 *   on top.
 * - `returning`: outcomes are answered again. What this process made of providers stays as it is until every outcome of the
 *   outage was answered and a snapshot was read after that: it holds them all, and replaces the own view.
 *
 * So nothing looks healthy in between only because a snapshot does not know yet what happened here. An outcome whose
 * answer was lost may be counted twice in the own view, never by the fleet.
 */
export class LocalOperation {
  private phase: 'off' | 'away' | 'returning' = 'off';
  private own: ReadonlyMap<string, KnownProvider> = new Map();
  /** The last outcome that was counted here. */
  private mark = 0;

  constructor(
    private readonly known: KnownProviders,
    private readonly queue: OutcomeQueue,
  ) {}

  /** Whether this process goes on by itself. */
  get isOn(): boolean {
    return this.phase !== 'off';
  }

  /** Whether the fleet is out of reach. */
  get isAway(): boolean {
    return this.phase === 'away';
  }

  /** What this process makes of a provider; undefined where that is what the fleet says. */
  get(name: string): KnownProvider | undefined {
    return this.own.get(name);
  }

  /** An outcome was queued. */
  recorded(queued: QueuedOutcome): void {
    if (this.phase === 'away') this.count([queued]);
  }

  /** A batch failed, or is not answered in time. */
  unanswered(): void {
    if (this.phase === 'away') return;
    const missed = this.queue.unsettled().filter(({ ordinal }) => ordinal > this.mark);
    this.phase = 'away';
    this.count(missed);
  }

  /** A batch was answered. @returns whether all were that were counted here, so that a snapshot now holds them */
  answered(): boolean {
    if (this.phase === 'away') this.phase = 'returning';
    return this.phase === 'returning' && this.queue.isSettledTo(this.mark);
  }

  /** The fleet sees a provider otherwise now. */
  changed(name: string): void {
    if (this.phase !== 'away' || !this.own.has(name)) return;
    const next = new Map(this.own);
    next.delete(name);
    this.own = next;
    this.count(this.queue.unsettled(name));
  }

  /** A snapshot is about to be asked for. @returns is called when it is what is known */
  loading(): () => void {
    const holdsAll = this.phase === 'returning' && this.queue.isSettledTo(this.mark);
    return () => {
      if (this.phase === 'away') {
        this.own = new Map();
        this.count(this.queue.unsettled());
      } else if (holdsAll && this.phase === 'returning') {
        this.phase = 'off';
        this.own = new Map();
        this.mark = this.queue.lastOrdinal;
      }
    };
  }

  private count(outcomes: readonly QueuedOutcome[]): void {
    const next = new Map(this.own);
    for (const queued of outcomes) {
      const { name } = queued.outcome;
      const before = next.get(name) ?? this.known.get(name);
      if (before !== undefined) next.set(name, knownProvider(afterOutcomes(before.snapshot, [queued]), true));
    }
    this.own = next;
    this.mark = this.queue.lastOrdinal;
  }
}
