import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { answering, type Upstream } from './upstreams.js';

export interface ReceivedWebhook {
  id: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  payload: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** A receiver of webhooks that keeps what came, and answers as it is told. */
export class WebhookReceiver {
  readonly received: ReceivedWebhook[] = [];
  /** The connections over which they came. */
  readonly connected: Socket[] = [];
  answer: (response: ServerResponse) => void = (response) => response.writeHead(204).end();
  private upstream!: Upstream;

  static async open(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    receiver.upstream = await answering((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => (body += part));
      receiver.connected.push(request.socket);
      request.on('end', () => {
        const { headers, url = '' } = request;
        const payload = JSON.parse(body) as ReceivedWebhook['payload'];
        receiver.received.push({ id: String(headers['webhook-id']), path: url, headers, body, payload });
        receiver.answer(response);
      });
    });
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.upstream.port}/hook`;
  }

  get connections(): number {
    return this.upstream.connections();
  }

  close(): Promise<void> {
    return this.upstream.close();
  }

  of(type: string): ReceivedWebhook[] {
    return this.received.filter(({ payload }) => payload.type === type);
  }
}

/** Whether the official library of Standard Webhooks accepts it. */
export function verifies({ headers, body }: ReceivedWebhook, secret: string): boolean {
  try {
    new Webhook(secret).verify(body, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
}
