import { DomainError } from '@gatehouse/problem-details';

/** 404 `unknown-webhook`: there is no webhook with this id. */
export class UnknownWebhookError extends DomainError {
  constructor(id: string) {
    super({ type: 'unknown-webhook', status: 404, title: 'There is no such webhook', detail: id });
  }
}

/** 404 `unknown-delivery`: the webhook has no delivery with this id, or not any more. */
export class UnknownDeliveryError extends DomainError {
  constructor(id: string) {
    super({ type: 'unknown-delivery', status: 404, title: 'There is no such delivery', detail: id });
  }
}

/** 409 `webhook-disabled`: nothing is sent to it until it is enabled. */
export class WebhookDisabledError extends DomainError {
  constructor(id: string) {
    super({ type: 'webhook-disabled', status: 409, title: 'The webhook is disabled', detail: id });
  }
}

/** 409 `too-many-webhooks`: there are as many as there may be. */
export class TooManyWebhooksError extends DomainError {
  constructor() {
    super({ type: 'too-many-webhooks', status: 409, title: 'There are as many webhooks as there may be' });
  }
}
