export { RETRY_DELAYS_MS, retryDelayMs } from './retry-schedule.js';
export type { WebhookAttempt } from './webhook-attempt.js';
export { newWebhookSecret } from './webhook-secret.js';
export {
  ATTEMPT_DEADLINE_MS,
  type WebhookReceiver,
  WebhookSender,
  type WebhookSenderOptions,
} from './webhook.sender.js';
export { signWebhook, type WebhookHeaders, type WebhookMessage } from './webhook-signature.js';
