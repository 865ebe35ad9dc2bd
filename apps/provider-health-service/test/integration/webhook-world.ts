import type { StatusChange } from '@gatehouse/provider-health-contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { TransitionRecorder } from '../../src/events/transition.recorder.js';
import { WebhookReceiver } from '../../../../test/support/webhook-receiver.js';
import { type Answer, ProviderWorld } from './provider-world.js';

export interface MadeWebhook {
  id: string;
  secret: string;
}

/** A platform with receivers of webhooks beside it. */
export class WebhookWorld extends ProviderWorld {
  private readonly receivers: WebhookReceiver[] = [];
  private readonly versions = new Map<string, number>();

  override async close(): Promise<void> {
    await super.close();
    await this.closeReceivers();
  }

  async closeReceivers(): Promise<void> {
    await Promise.all(this.receivers.splice(0).map((receiver) => receiver.close()));
  }

  async aReceiver(): Promise<WebhookReceiver> {
    const receiver = await WebhookReceiver.open();
    this.receivers.push(receiver);
    return receiver;
  }

  hook(
    app: NestFastifyApplication,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path = '',
    body?: unknown,
    as = 'admin',
  ): Promise<Answer> {
    return this.call(app, method, `/v1/providers/webhooks${path}`, { body, as });
  }

  async aWebhook(app: NestFastifyApplication, url: string, more: object = {}): Promise<MadeWebhook> {
    const made = await this.hook(app, 'POST', '', { url, ...more });
    expect([made.status, made.text]).toEqual([201, expect.any(String)]);
    return made.body as unknown as MadeWebhook;
  }

  /** The next change of a provider, written down by the replica: it falls, and recovers with the one after. */
  async change(app: NestFastifyApplication, provider: string, at = new Date()): Promise<StatusChange> {
    const version = (this.versions.get(provider) ?? 0) + 1;
    this.versions.set(provider, version);
    const [from, to] =
      version % 2 === 1 ? (['healthy', 'degraded'] as const) : (['degraded', 'healthy'] as const);
    const change: StatusChange = {
      ...{ provider, from, to, reason: 'marked', version, at: at.toISOString() },
    };
    await app.get(TransitionRecorder).record(change, () => Promise.resolve(true));
    return change;
  }

  query<Row>(app: NestFastifyApplication, sql: string, parameters: unknown[] = []): Promise<Row[]> {
    return app.get(DataSource).query<Row[]>(sql, parameters);
  }

  /** As if the time of the next attempt, or the end of a lease, had come. */
  async makeDue(app: NestFastifyApplication, webhook: string): Promise<void> {
    await this.query(
      app,
      `UPDATE webhook_delivery SET due_at = now() WHERE webhook = $1 AND status = 'pending'`,
      [webhook],
    );
  }

  async deliveries(app: NestFastifyApplication, webhook: string): Promise<Record<string, unknown>[]> {
    const { body } = await this.hook(app, 'GET', `/${webhook}/deliveries`);
    return body['items'] as Record<string, unknown>[];
  }

  /** The deliveries of the webhook once each of them is what is asked for. */
  whenAll(
    app: NestFastifyApplication,
    webhook: string,
    holds: (delivery: Record<string, unknown>) => boolean,
  ): Promise<Record<string, unknown>[]> {
    return eventually('each delivery is so', async () => {
      const found = await this.deliveries(app, webhook);
      return found.length > 0 && found.every(holds) ? found : undefined;
    });
  }
}
