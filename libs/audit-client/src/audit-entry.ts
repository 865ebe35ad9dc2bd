import type { AuditCategory, AuditContext, AuditEvent } from '@gatehouse/audit-contracts';

/** What a service says of one thing that happened; `SecurityAudit` fills in the rest. */
export interface AuditEntry extends Pick<
  AuditEvent,
  'action' | 'outcome' | 'reason' | 'actor' | 'target' | 'tenant' | 'details'
> {
  /** Where it came from; `service` is filled in. */
  context?: Omit<AuditContext, 'service'>;
  /** Now, where not given. */
  occurredAt?: Date;
}

/** What the entry does not say itself. */
export interface EntryOrigin {
  /** UUIDv7. */
  id: string;
  category: AuditCategory;
  /** The service that tells it. */
  producer: string;
  now: Date;
}

/** The bounds of `AuditEvent` for texts that come from outside, e.g. a header of the request. */
const LONGEST = { reason: 256, name: 256, id: 256, ip: 64, userAgent: 1_024, sessionId: 128, requestId: 128 };

/**
 * The event of an entry. A text from outside that is too long is cut, and what is no Unicode or a NUL in it is
 * replaced: a strange header must not keep an event out of the log.
 */
export function composeEvent(entry: AuditEntry, origin: EntryOrigin): AuditEvent {
  const { actor, target, context = {} } = entry;
  return {
    id: origin.id,
    category: origin.category,
    action: entry.action,
    outcome: entry.outcome,
    ...given('reason', cut(entry.reason, LONGEST.reason)),
    actor: {
      type: actor.type,
      ...given('id', cut(actor.id, LONGEST.id)),
      ...given('name', cut(actor.name, LONGEST.name)),
    },
    ...given(
      'target',
      target && {
        type: target.type,
        id: cut(target.id, LONGEST.id) ?? '-',
        ...given('name', cut(target.name, LONGEST.name)),
      },
    ),
    ...given('tenant', entry.tenant),
    context: {
      ...given('ip', cut(context.ip, LONGEST.ip)),
      ...given('userAgent', cut(context.userAgent, LONGEST.userAgent)),
      ...given('sessionId', cut(context.sessionId, LONGEST.sessionId)),
      ...given('requestId', cut(context.requestId, LONGEST.requestId)),
      ...given('traceId', context.traceId),
      service: origin.producer,
    },
    ...given('details', entry.details && (wellFormed(entry.details) as Record<string, unknown>)),
    occurredAt: (entry.occurredAt ?? origin.now).toISOString(),
    producer: origin.producer,
  };
}

/** The field with its value, or nothing: an event says no `undefined`. */
function given<Name extends string, Value>(name: Name, value: Value | undefined): { [N in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { [N in Name]?: Value });
}

function cut(value: string | undefined, longest: number): string | undefined {
  // Well-formed again after the cut, which may have gone through the middle of a character.
  const text = value && unicode(value.replaceAll('\0', '\uFFFD').slice(0, longest));
  return text === '' ? undefined : text;
}

/** The value as JSON has it, every text in it well-formed. */
function wellFormed(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_key, part: unknown) =>
    typeof part === 'string' ? unicode(part) : part,
  );
}

/** The text with half characters replaced, which are no Unicode and which the log refuses. */
function unicode(text: string): string {
  return text.replaceAll(/\p{Surrogate}/gu, '\uFFFD');
}
