import { setTimeout as sleep } from 'node:timers/promises';
import { DatabaseConnection } from '@gatehouse/database';
import { RelayAlarm } from '@gatehouse/outbox';
import { ATTEMPT_DEADLINE_MS } from '@gatehouse/webhooks';
import { Injectable, Logger, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type ClaimedDelivery, WebhookDeliveryRepository } from './webhook-delivery.repository.js';
import { WebhookDeliveryRunner } from './webhook-delivery.runner.js';

/** Attempts of one replica at a time; each ends at its deadline at the latest. */
const MOST_AT_ONCE = 128;
const MOST_OF_ONE = 4;
/** Longer than an attempt and writing down what became of it. */
const LEASE_MS = 4 * ATTEMPT_DEADLINE_MS;
const POLL_MS = 1_000;
/** For attempts that are under way when the replica stops; then they are broken off. */
const GRACE_MS = 5_000;

/** Takes up deliveries that are due and has them sent, beside each other. Every replica does, each delivery by one. */
@Injectable()
export class WebhookDispatcher implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger(WebhookDispatcher.name);
  private readonly alarm = new RelayAlarm();
  private readonly stopping = new AbortController();
  private readonly breakingOff = new AbortController();
  private readonly underWay = new Set<Promise<void>>();
  private readonly byWebhook = new Map<string, number>();
  private work: Promise<void> = Promise.resolve();

  constructor(
    private readonly database: DatabaseConnection,
    private readonly deliveries: WebhookDeliveryRepository,
    private readonly runner: WebhookDeliveryRunner,
  ) {}

  onApplicationBootstrap(): void {
    this.work = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    this.alarm.ring();
    await this.work;
    const drained = Promise.all(this.underWay);
    await Promise.race([drained, sleep(GRACE_MS, undefined, { ref: false })]);
    this.breakingOff.abort();
    await drained;
  }

  /** Something may be due. */
  wake(): void {
    this.alarm.ring();
  }

  private async run(): Promise<void> {
    let said = false;
    await this.database.whenReady().catch(() => {});
    while (!this.stopping.signal.aborted) {
      try {
        await this.takeUp();
        said = false;
      } catch (error) {
        if (!said && !this.stopping.signal.aborted)
          this.logger.warn({ err: error }, 'Webhooks wait, trying again');
        said = true;
      }
      await this.alarm.wait(POLL_MS);
    }
  }

  private async takeUp(): Promise<void> {
    const room = MOST_AT_ONCE - this.underWay.size;
    if (room <= 0) return;
    const claimed = await this.deliveries.claim({
      ...{ underWay: this.byWebhook, mostOfOne: MOST_OF_ONE, room, leaseMs: LEASE_MS },
    });
    for (const delivery of claimed) this.start(delivery);
  }

  private start(delivery: ClaimedDelivery): void {
    const { webhook } = delivery;
    this.byWebhook.set(webhook, (this.byWebhook.get(webhook) ?? 0) + 1);
    const run = this.runner.run(delivery, this.breakingOff.signal).finally(() => {
      const left = (this.byWebhook.get(webhook) ?? 1) - 1;
      if (left > 0) this.byWebhook.set(webhook, left);
      else this.byWebhook.delete(webhook);
      this.underWay.delete(run);
      // More of the same webhook may be due.
      this.alarm.ring();
    });
    this.underWay.add(run);
  }
}
