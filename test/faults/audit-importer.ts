import type { AuditEvent } from '@gatehouse/audit-contracts';
import { v7 as uuidv7 } from 'uuid';
import type { AuditFleet } from './audit-fleet.js';

const PRODUCER = 'importer';

/**
 * Sends events over HTTP as badly as one can: the same batch to two replicas at once, batches again and again, in another
 * order, mixed with others. It counts what was acknowledged, and holds every answer to the first.
 */
export class AuditImporter {
  /** The place that was answered for each event. */
  readonly acknowledged = new Map<string, number>();
  /** Answers that did not agree with the first one, or refused. */
  readonly contradictions: string[] = [];
  private readonly events: AuditEvent[] = [];
  private working = true;
  private work: Promise<void> | undefined;

  constructor(private readonly fleet: AuditFleet) {}

  get sent(): string[] {
    return this.events.map(({ id }) => id);
  }

  begin(): void {
    this.work = this.run();
  }

  /** Ends when everything that it ever sent was acknowledged, and then all of it once more, in reverse. */
  async end(): Promise<void> {
    this.working = false;
    await this.work;
    const reversed = [...this.events].reverse();
    for (let from = 0; from < reversed.length; from += 500)
      await this.insist(reversed.slice(from, from + 500));
  }

  private async run(): Promise<void> {
    for (let batch = 0; this.working; batch++) {
      const events = Array.from({ length: 1 + (batch % 20) }, () => anEvent());
      const before = this.events.slice(-30).filter((_, at) => at % 3 === 0);
      this.events.push(...events);
      // Out of order, with some that are there already, by two ways at once.
      const mixed = [...events, ...before].reverse();
      await Promise.all([this.offer(mixed), this.offer(events), this.insist(mixed)]);
    }
  }

  private async insist(events: readonly AuditEvent[]): Promise<void> {
    while (!(await this.offer(events))) await new Promise((resolve) => setTimeout(resolve, 100));
  }

  /** @returns whether it was answered */
  private async offer(events: readonly AuditEvent[]): Promise<boolean> {
    const results = await this.fleet.append(events);
    for (const result of results ?? []) {
      if ('error' in result) this.contradictions.push(`${result.id}: ${result.error}`);
      else this.note(result.id, result.seq);
    }
    return results !== undefined;
  }

  private note(id: string, seq: number): void {
    const first = this.acknowledged.get(id) ?? seq;
    if (first !== seq) this.contradictions.push(`${id}: ${first}, then ${seq}`);
    this.acknowledged.set(id, first);
  }
}

const anEvent = (): AuditEvent => ({
  ...{ id: uuidv7(), category: 'admin', action: 'import.row', outcome: 'success' },
  actor: { type: 'service', id: PRODUCER },
  context: { service: PRODUCER },
  ...{ occurredAt: new Date().toISOString(), producer: PRODUCER },
});
