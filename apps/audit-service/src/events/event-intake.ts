import {
  AuditActor,
  AuditContext,
  AuditEvent,
  AuditTarget,
  type AppendRefusal,
} from '@gatehouse/audit-contracts';
import { assertCanonical, NotCanonicalError } from '@gatehouse/transparency-log';
import { timeOf } from '../personal-data/subjects.js';

/** Clocks differ; beyond this an id is not of this time. */
const FUTURE_MS = 5 * 60_000;

/** What was sent cannot be an event of the log. */
export interface RefusedEvent {
  readonly reason: AppendRefusal;
  readonly detail: string;
}

export type TakenEvent = { readonly event: AuditEvent } | { readonly refused: RefusedEvent };

type Fields = Record<string, unknown>;

const PARTS = { actor: AuditActor, target: AuditTarget, context: AuditContext };

/**
 * Makes an event of whatever a producer sent, or says why it cannot be one. Fields that `AuditEvent` does not know
 * are kept under `details.unmapped`.
 */
export function takeEvent(value: unknown, now: Date): TakenEvent {
  try {
    if (!isFields(value)) return malformed('is not an object');
    // Of the value as it came, before anything reads it: what has no canonical form is no event at all.
    assertCanonical(value);
    const parsed = AuditEvent.safeParse(mapFields(value));
    if (!parsed.success) {
      const { path = [], message = 'is not an event' } = parsed.error.issues[0] ?? {};
      return malformed(path.length === 0 ? message : `${path.join('.')}: ${message}`);
    }
    // PostgreSQL compares UUIDs without regard to case.
    const event = { ...parsed.data, id: parsed.data.id.toLowerCase() };
    if (timeOf(event.id) > now.getTime() + FUTURE_MS) {
      return refuse('future-dated', 'its id says a time more than five minutes ahead');
    }
    return { event };
  } catch (error) {
    if (error instanceof NotCanonicalError) return malformed(error.message);
    throw error;
  }
}

/** The id as it was sent, as far as it can be repeated without harm. */
export function sentId(value: unknown): string | null {
  const id = isFields(value) ? value['id'] : undefined;
  return typeof id === 'string' && /^[\x20-\x7e]{1,64}$/.test(id) ? id : null;
}

const refuse = (reason: AppendRefusal, detail: string): TakenEvent => ({ refused: { reason, detail } });
const malformed = (detail: string) => refuse('malformed', detail);

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Moves what is unknown, of the event and of its parts, under `details.unmapped`. */
function mapFields(value: Fields): Fields {
  const { known, unknown } = split(value, AuditEvent.shape);
  for (const [name, part] of Object.entries(PARTS)) {
    const fields = known[name];
    if (!isFields(fields)) continue;
    const split_ = split(fields, part.shape);
    known[name] = split_.known;
    if (Object.keys(split_.unknown).length > 0) unknown[name] = split_.unknown;
  }
  if (Object.keys(unknown).length === 0) return known;
  const details = known['details'] ?? {};
  // Details that are no object are malformed, which the schema says.
  if (!isFields(details)) return known;
  const sent = 'unmapped' in details ? { 'details.unmapped': details['unmapped'] } : {};
  return { ...known, details: { ...details, unmapped: { ...unknown, ...sent } } };
}

function split(fields: Fields, shape: Fields): { known: Fields; unknown: Fields } {
  const entries = Object.entries(fields);
  return {
    known: Object.fromEntries(entries.filter(([name]) => Object.hasOwn(shape, name))),
    unknown: Object.fromEntries(entries.filter(([name]) => !Object.hasOwn(shape, name))),
  };
}
