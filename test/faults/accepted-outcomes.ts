import { FailureClass } from '@gatehouse/provider-health-contracts';
import type { HealthPolicy, StatusChange } from '@gatehouse/provider-health-contracts';
import {
  NEW_PROVIDER,
  type Outcome,
  type ProviderHealth,
  recordOutcome,
} from '@gatehouse/provider-health-rules';
import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';

const STREAM = 'gatehouse:{providers}:outcomes';
/** As those that report them in these tests say. */
export const RETRY_AFTER_MS = 1_000;

interface Accepted {
  readonly at: number;
  readonly outcomes: readonly [name: string, kind: string, responseTimeMs: number | null][];
}

/** What the rules make of the outcomes of a provider. */
export interface Fold {
  readonly health: ProviderHealth;
  readonly transitions: StatusChange[];
  /** How many of each kind. */
  readonly counts: Record<string, number>;
}

/** Every outcome that Redis has accepted, in its order, copied before the service counts it and removes it. */
export class AcceptedOutcomes {
  private readonly entries: Accepted[] = [];
  private readonly reading: Redis;
  private readonly asking: Redis;
  private over = false;
  private work: Promise<void> = Promise.resolve();

  constructor(url: string) {
    this.reading = new Redis(url);
    this.asking = new Redis(url);
  }

  begin(): this {
    this.work = this.follow();
    return this;
  }

  /** Waits until it has as many as there ever were: it has missed none. */
  async haveAll(): Promise<void> {
    await eventually('no accepted outcome was missed', async () => {
      const info = (await this.asking.xinfo('STREAM', STREAM)) as unknown[];
      return info[info.indexOf('entries-added') + 1] === this.entries.length;
    });
  }

  /** What the rules say that a provider is now. */
  fold(name: string, policy: HealthPolicy): Fold {
    let health: ProviderHealth = NEW_PROVIDER;
    const transitions: StatusChange[] = [];
    const counts: Record<string, number> = {};
    for (const { at, outcomes } of this.entries)
      for (const [of, kind, responseTimeMs] of outcomes) {
        if (of !== name) continue;
        counts[kind] = (counts[kind] ?? 0) + 1;
        const step = recordOutcome(health, toOutcome(kind, responseTimeMs), at, policy);
        health = step.health;
        for (const change of step.transitions)
          transitions.push({ provider: name, ...change, at: new Date(at).toISOString() });
      }
    return { health, transitions, counts };
  }

  async stop(): Promise<void> {
    this.over = true;
    await this.work;
    this.reading.disconnect();
    this.asking.disconnect();
  }

  private async follow(): Promise<void> {
    for (let last = '0'; !this.over;) {
      const read = await this.reading.xread('BLOCK', 200, 'STREAMS', STREAM, last);
      for (const [id, fields] of read?.[0]?.[1] ?? []) {
        last = id;
        const [at, outcomes] = [fields[1] ?? '', fields[3] ?? ''];
        this.entries.push({ at: Number(at), outcomes: JSON.parse(outcomes) as Accepted['outcomes'] });
      }
    }
  }
}

function toOutcome(kind: string, responseTimeMs: number | null): Outcome {
  const more = responseTimeMs === null ? {} : { responseTimeMs };
  if (kind === 'success') return { kind, ...more };
  return { kind: 'failure', class: FailureClass.parse(kind), retryAfterMs: RETRY_AFTER_MS, ...more };
}
