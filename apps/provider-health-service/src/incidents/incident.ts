import type { ProviderIncident, StatusChange } from '@gatehouse/provider-health-contracts';

/** A fall within this time after an incident closed opens it again: a provider that flaps has one incident, not hundreds. */
export const MERGE_WINDOW_MS = 5 * 60_000;

/** Times in ms since 1970. */
export interface Incident {
  openedAt: number;
  /** Undefined while it is open. */
  closedAt?: number;
  severity: ProviderIncident['severity'];
  flaps: number;
  transitions: number;
  firstReason: StatusChange['reason'];
  lastReason: StatusChange['reason'];
}

/** What a change makes of incidents: one opens, gets worse, goes on, closes, or opens again. */
export type IncidentStep = 'opened' | 'escalated' | 'continued' | 'closed' | 'reopened';

type Change = Pick<StatusChange, 'to' | 'reason' | 'at'>;

/**
 * What a change of status makes of the last incident of its provider; undefined when there is none and none begins.
 * A clock that stepped back makes no negative time: an incident closes when it opened at the earliest.
 */
export function applyChange(
  last: Incident | undefined,
  { to, reason, at }: Change,
): { step: IncidentStep; incident: Incident } | undefined {
  const time = Date.parse(at);
  const isOpen = last !== undefined && last.closedAt === undefined;
  if (to === 'healthy') {
    if (!isOpen) return undefined;
    return { step: 'closed', incident: { ...grown(last, reason), closedAt: Math.max(time, last.openedAt) } };
  }
  if (last === undefined || (last.closedAt !== undefined && time - last.closedAt > MERGE_WINDOW_MS))
    return { step: 'opened', incident: opened(to, reason, time) };
  const incident: Incident = { ...grown(last, reason), severity: worse(last.severity, to) };
  if (isOpen) return { step: incident.severity === last.severity ? 'continued' : 'escalated', incident };
  return { step: 'reopened', incident: { ...incident, closedAt: undefined, flaps: last.flaps + 1 } };
}

function opened(severity: Incident['severity'], reason: Incident['firstReason'], at: number): Incident {
  return {
    ...{ openedAt: at, closedAt: undefined, severity, flaps: 0, transitions: 1 },
    ...{ firstReason: reason, lastReason: reason },
  };
}

const grown = (incident: Incident, lastReason: Incident['lastReason']): Incident => ({
  ...incident,
  transitions: incident.transitions + 1,
  lastReason,
});

const worse = (first: Incident['severity'], second: Incident['severity']): Incident['severity'] =>
  first === 'unhealthy' ? first : second;
