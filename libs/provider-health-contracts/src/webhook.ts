import { z } from 'zod';
import { HttpUrl } from './http-url.js';
import type { ProviderIncident } from './incident.js';
import { ProviderName } from './provider-name.js';
import { pageFields } from './provider-queries.js';
import type { StatusChange } from './provider-status.js';

/**
 * What webhooks tell of: each change of a status, and what it makes of incidents. An incident is reopened by a fall within
 * five minutes after it was resolved.
 */
export const WEBHOOK_EVENTS = [
  'providers.status-changed',
  'providers.incident-opened',
  'providers.incident-reopened',
  'providers.incident-resolved',
] as const;
export const WebhookEvent = z.enum(WEBHOOK_EVENTS);
export type WebhookEvent = z.infer<typeof WebhookEvent>;

const distinct = <Item>(items: readonly Item[]) => new Set(items).size === items.length;
const TWICE = 'must not name one twice';

const fields = {
  /** https, unless the service may reach own networks. Whoever may see providers sees it. */
  url: HttpUrl,
  description: z.string().trim().max(256),
  enabled: z.boolean(),
  /** Empty for all of them. */
  events: z.array(WebhookEvent).max(WEBHOOK_EVENTS.length).refine(distinct, TWICE),
  /** Together with `tags`: the providers it is told of; both empty for all of them. */
  providers: z.array(ProviderName).max(100).refine(distinct, TWICE),
  /** Also the providers that have one of these tags when they change. */
  tags: z.array(z.string().min(1).max(64)).max(100).refine(distinct, TWICE),
};

export const CreateWebhookBody = z.strictObject({
  url: fields.url,
  description: fields.description.default(''),
  enabled: fields.enabled.default(true),
  events: fields.events.default([]),
  providers: fields.providers.default([]),
  tags: fields.tags.default([]),
});
export type CreateWebhookBody = z.infer<typeof CreateWebhookBody>;

/** What is left out stays; lists are replaced as a whole. */
export const UpdateWebhookBody = z
  .strictObject(fields)
  .partial()
  .refine((body) => Object.keys(body).length > 0, 'must change something');
export type UpdateWebhookBody = z.infer<typeof UpdateWebhookBody>;

export const WebhookId = z.string().toLowerCase().pipe(z.uuid());
export type WebhookId = z.infer<typeof WebhookId>;

export interface WebhookAnswer extends CreateWebhookBody {
  id: string;
  /** Of one that is not enabled: somebody disabled it, or its receiver answered 410. */
  disabledBy: 'operator' | 'receiver' | null;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** A secret is answered once, when it was made. */
export interface CreatedWebhook extends WebhookAnswer {
  /** `whsec_…`, as Standard Webhooks writes them. */
  secret: string;
}

export interface RotatedWebhookSecret {
  /** `whsec_…`, as Standard Webhooks writes them. */
  secret: string;
  /** Until then the secrets before sign too. ISO 8601, UTC. */
  previousUntil: string;
}

export const DELIVERY_STATUSES = ['pending', 'delivered', 'failed'] as const;
export const DeliveryStatus = z.enum(DELIVERY_STATUSES);
export type DeliveryStatus = z.infer<typeof DeliveryStatus>;

export const ListWebhooksQuery = z.strictObject(pageFields);
export type ListWebhooksQuery = z.infer<typeof ListWebhooksQuery>;

export const ListDeliveriesQuery = z.strictObject({ ...pageFields, status: DeliveryStatus.optional() });
export type ListDeliveriesQuery = z.infer<typeof ListDeliveriesQuery>;

/** One message to one webhook. Nothing of a receiver's answers is in it but the status. Times ISO 8601 UTC. */
export interface WebhookDelivery {
  /** The `webhook-id` of each of its attempts. */
  id: string;
  event: WebhookEvent | 'ping';
  status: DeliveryStatus;
  attempts: number;
  /** HTTP status of the last answer; null when none came. */
  lastStatus: number | null;
  /** Why the last attempt failed, e.g. `answered 503` or `timeout`. */
  lastReason: string | null;
  lastAttemptAt: string | null;
  /** Of a pending one; while an attempt is under way, when the next follows should this one be lost. */
  nextAttemptAt: string | null;
  createdAt: string;
}

/** What is posted to a receiver. */
export type WebhookPayload =
  | {
      type: 'providers.status-changed';
      timestamp: string;
      /** With the incident that it belongs to, as it is with this change; null when there is none. */
      data: StatusChange & { incident: ProviderIncident | null };
    }
  | { type: Exclude<WebhookEvent, 'providers.status-changed'>; timestamp: string; data: ProviderIncident }
  | { type: 'ping'; timestamp: string; data: { webhook: string } };
