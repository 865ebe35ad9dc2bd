import type { StatusChange } from '@gatehouse/provider-health-contracts';

/** A change with its place in the order of all changes. */
export interface NumberedChange {
  sequence: number;
  change: StatusChange;
}

/** The last changes, in memory: a replica reads each once for all its readers. */
export class RecentChanges {
  private changes: NumberedChange[] = [];

  /** @param from changes with greater numbers are here, those before may not be */
  constructor(
    private from: number,
    private readonly most: number,
  ) {}

  /** @param changes in the order of their numbers, all that come after those that are here */
  add(changes: readonly NumberedChange[]): void {
    this.changes.push(...changes);
    const dropped = this.changes.splice(0, Math.max(this.changes.length - this.most, 0));
    this.from = dropped.at(-1)?.sequence ?? this.from;
  }

  /** Those beyond `sequence`; undefined when some of them are no longer here. */
  after(sequence: number, limit: number): NumberedChange[] | undefined {
    if (sequence < this.from) return undefined;
    const first = this.changes.findIndex((change) => change.sequence > sequence);
    return first === -1 ? [] : this.changes.slice(first, first + limit);
  }
}
