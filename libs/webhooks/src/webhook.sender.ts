import { OutboundClient, OutboundFailure, type OutboundOptions } from '@gatehouse/outbound-guard';
import { readAnswer, type WebhookAttempt } from './webhook-attempt.js';
import { signWebhook, type WebhookMessage } from './webhook-signature.js';

/** For all of one attempt, unless the sender is told another. */
export const ATTEMPT_DEADLINE_MS = 15_000;
const CONNECT_TIMEOUT_MS = 5_000;

export interface WebhookSenderOptions extends OutboundOptions {
  /** For all of one attempt; 15,000 when left out. */
  deadlineMs?: number;
}

export interface WebhookReceiver {
  url: string;
  /** At least one, `whsec_…`; each signs. */
  secrets: readonly string[];
}

/**
 * Sends webhooks to where somebody said who may not be trusted with this network: to addresses that `outbound-guard` lets
 * through, without following redirects, within a deadline. Of an answer the status and `Retry-After` are read, and nothing else.
 */
export class WebhookSender {
  private readonly client: OutboundClient;
  private readonly deadlineMs: number;

  /** @param options `allowPrivate` lets own networks in */
  constructor({ deadlineMs = ATTEMPT_DEADLINE_MS, ...guard }: WebhookSenderOptions) {
    this.client = new OutboundClient(guard);
    this.deadlineMs = deadlineMs;
  }

  /**
   * One attempt. What is wrong with the receiver is in the result.
   *
   * @throws {OutboundFailure} `cancelled`, by the signal: the receiver may have got it all the same
   * @throws {TypeError} when a secret is none
   */
  async send(
    message: WebhookMessage,
    receiver: WebhookReceiver,
    signal?: AbortSignal,
  ): Promise<WebhookAttempt> {
    const signature = signWebhook(message, receiver.secrets, Date.now());
    try {
      const answer = await this.client.request({
        ...{ url: receiver.url, method: 'POST', body: message.body },
        headers: { 'content-type': 'application/json', 'user-agent': 'gatehouse-webhooks', ...signature },
        ...{ deadlineMs: this.deadlineMs, connectTimeoutMs: CONNECT_TIMEOUT_MS, maxBodyBytes: 0 },
        ...(signal && { signal }),
      });
      return readAnswer(answer, Date.now());
    } catch (error) {
      if (!(error instanceof OutboundFailure) || error.kind === 'cancelled') throw error;
      return { outcome: 'failed', reason: error.message };
    }
  }
}
