import type { WebhookAnswer, WebhookDelivery } from '@gatehouse/provider-health-contracts';

export const toWebhookAnswer = (
  webhook: Omit<WebhookAnswer, 'createdAt'> & { createdAt: Date },
): WebhookAnswer => {
  const { id, url, description, enabled, disabledBy, events, providers, tags, createdAt } = webhook;
  return {
    ...{ id, url, description, enabled, disabledBy, events, providers, tags },
    createdAt: createdAt.toISOString(),
  };
};

interface StoredDelivery extends Omit<WebhookDelivery, 'lastAttemptAt' | 'nextAttemptAt' | 'createdAt'> {
  lastAttemptAt: Date | null;
  dueAt: Date;
  createdAt: Date;
}

export function toDeliveryAnswer(delivery: StoredDelivery): WebhookDelivery {
  const { id, event, status, attempts, lastStatus, lastReason, lastAttemptAt, dueAt, createdAt } = delivery;
  return {
    ...{ id, event, status, attempts, lastStatus, lastReason },
    lastAttemptAt: lastAttemptAt?.toISOString() ?? null,
    nextAttemptAt: status === 'pending' ? dueAt.toISOString() : null,
    createdAt: createdAt.toISOString(),
  };
}
