import type { AuditEvent } from '@gatehouse/audit-contracts';
import type { PersonalPart } from './personal-fields.js';

/** People, as targets of events name them; anything else that is named is no person. */
const PEOPLE = new Set(['user', 'account']);

/** Whose key a part of an event is sealed with: that of the person, or where there is none that of the event's month. */
export function subjectOf(event: AuditEvent, part: PersonalPart): string {
  const { actor, target } = event;
  if (part === 'actor' && actor.type === 'user' && actor.id !== undefined) return userSubject(actor.id);
  if (part === 'target' && target !== undefined && PEOPLE.has(target.type)) return userSubject(target.id);
  return monthSubject(event.id);
}

/** Whose key makes the index of addresses. It is never destroyed: what it made is deleted instead. */
export const ADDRESS_INDEX = 'index:addresses';

export const userSubject = (id: string): string => `user:${id}`;

/** The month of a UUIDv7, e.g. `month:2026-11`. */
export const monthSubject = (eventId: string): string => `month:${monthOf(eventId)}`;

/** The month in which a UUIDv7 was made, UTC, e.g. `2026-11`. */
export const monthOf = (eventId: string): string => new Date(timeOf(eventId)).toISOString().slice(0, 7);

/** The 48 bits of milliseconds at the front of a UUIDv7 (RFC 9562 §5.7). */
export const timeOf = (eventId: string): number => parseInt(eventId.slice(0, 8) + eventId.slice(9, 13), 16);
