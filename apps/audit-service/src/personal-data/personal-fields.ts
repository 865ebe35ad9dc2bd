import type { AuditEvent } from '@gatehouse/audit-contracts';

/** What an event tells of the person who acted: the rest of it holds ids alone. */
export interface ActorData {
  name?: string;
  ip?: string;
  userAgent?: string;
  /** `details.personal`: whatever else a producer marks as personal. */
  personal?: unknown;
  /** `details.unmapped`: what no schema knows may be personal. */
  unmapped?: unknown;
}

/** What an event tells of whom it was done to. */
export interface TargetData {
  name?: string;
}

/** What of an event is personal, by whom it is about. Parts without anything are left out. */
export interface PersonalData {
  actor?: ActorData;
  target?: TargetData;
}

export const PERSONAL_PARTS = ['actor', 'target'] as const;
export type PersonalPart = (typeof PERSONAL_PARTS)[number];

/** Takes out of an event what is personal; `joinPersonal` puts it back. */
export function splitPersonal(event: AuditEvent): { open: AuditEvent; personal: PersonalData } {
  const { name, ...actor } = event.actor;
  const { ip, userAgent, ...context } = event.context;
  const { personal: marked, unmapped, ...details } = event.details ?? {};
  const { name: targetName, ...target } = event.target ?? {};
  const open = { ...event, actor, context };
  if (event.target !== undefined) open.target = target as AuditEvent['target'];
  if (Object.keys(details).length > 0) open.details = details;
  else if (marked !== undefined || unmapped !== undefined) delete open.details;
  const personal: PersonalData = {};
  const ofActor = { ...given({ name, ip, userAgent }), ...given({ personal: marked, unmapped }) };
  if (Object.keys(ofActor).length > 0) personal.actor = ofActor;
  if (targetName !== undefined) personal.target = { name: targetName };
  return { open, personal };
}

export function joinPersonal<Event extends AuditEvent>(open: Event, { actor, target }: PersonalData): Event {
  const event = { ...open };
  if (actor !== undefined) {
    const { name, ip, userAgent, personal, unmapped } = actor;
    event.actor = { ...open.actor, ...given({ name }) };
    event.context = { ...open.context, ...given({ ip, userAgent }) };
    const details = given({ personal, unmapped });
    if (Object.keys(details).length > 0) event.details = { ...open.details, ...details };
  }
  if (target !== undefined && open.target !== undefined) event.target = { ...open.target, ...target };
  return event;
}

/** Without the fields that are undefined. */
function given<Fields extends object>(fields: Fields): Partial<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Partial<Fields>;
}
