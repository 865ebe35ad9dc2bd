import type {
  ProviderIncident,
  StatusChange,
  WebhookEvent,
  WebhookPayload,
} from '@gatehouse/provider-health-contracts';

/** What a change made of an incident, of what the recorder of incidents tells. */
interface IncidentChange {
  step: 'opened' | 'escalated' | 'continued' | 'closed' | 'reopened';
  incident: ProviderIncident;
}

export type EventPayload = WebhookPayload & { type: WebhookEvent };

const EVENT_OF_STEP = {
  opened: 'providers.incident-opened',
  reopened: 'providers.incident-reopened',
  closed: 'providers.incident-resolved',
} as const;

/** What receivers are told of a change: the change itself, and what begins or ends with it. */
export function payloadsOf(change: StatusChange, made: IncidentChange | undefined): EventPayload[] {
  const timestamp = change.at;
  const payloads: EventPayload[] = [
    {
      ...{ type: 'providers.status-changed', timestamp },
      data: { ...change, incident: made?.incident ?? null },
    },
  ];
  if (made === undefined || made.step === 'escalated' || made.step === 'continued') return payloads;
  return [...payloads, { type: EVENT_OF_STEP[made.step], timestamp, data: made.incident }];
}

/** What receivers are told when an incident ends without a change of the status. */
export const resolvedPayload = (incident: ProviderIncident): EventPayload => ({
  ...{ type: 'providers.incident-resolved', timestamp: incident.closedAt ?? incident.openedAt },
  data: incident,
});
