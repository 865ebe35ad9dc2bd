import type { LeafEvent } from './leaf-event.js';

/** The columns by which an event is found, beside its leaf. What it has not is null. */
export interface SearchColumns {
  readonly id: string;
  readonly category: string;
  readonly action: string;
  readonly outcome: string;
  readonly actorType: string;
  readonly actorId: string | null;
  readonly targetType: string | null;
  readonly targetId: string | null;
  readonly tenant: string | null;
  readonly producer: string;
  readonly producerSeq: number | null;
  readonly submittedBy: string;
  /** ISO 8601; a database keeps microseconds. */
  readonly occurredAt: string;
  readonly receivedAt: string;
}

const TIMES = new Set<keyof SearchColumns>(['occurredAt', 'receivedAt']);

/** The columns that a leaf has to have. */
export const columnsOf = (event: LeafEvent): SearchColumns => ({
  id: event.id,
  category: event.category,
  action: event.action,
  outcome: event.outcome,
  actorType: event.actor.type,
  actorId: event.actor.id ?? null,
  targetType: event.target?.type ?? null,
  targetId: event.target?.id ?? null,
  tenant: event.tenant ?? null,
  producer: event.producer,
  producerSeq: event.producerSeq ?? null,
  submittedBy: event.submittedBy,
  occurredAt: event.occurredAt,
  receivedAt: event.receivedAt,
});

/**
 * The first column that does not say what the leaf says.
 *
 * @param found columns as they were kept; one that is not there is as wrong as another value
 */
export function wrongColumn(
  event: LeafEvent,
  found: Partial<Record<keyof SearchColumns, unknown>>,
): keyof SearchColumns | undefined {
  const expected = columnsOf(event);
  return (Object.keys(expected) as (keyof SearchColumns)[]).find((name) =>
    TIMES.has(name) ? !sameTime(expected[name], found[name]) : expected[name] !== found[name],
  );
}

/** To the millisecond: a producer may have sent more digits than a database keeps. */
function sameTime(expected: unknown, found: unknown): boolean {
  return Math.abs(Date.parse(String(expected)) - Date.parse(String(found))) <= 1;
}
