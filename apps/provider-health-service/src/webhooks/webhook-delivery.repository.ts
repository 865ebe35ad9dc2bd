import { Injectable } from '@nestjs/common';
import type { DeliveryStatus } from '@gatehouse/provider-health-contracts';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import { WebhookDeliveryEntity } from './webhook-delivery.entity.js';

export type NewDelivery = Pick<WebhookDeliveryEntity, 'id' | 'webhook' | 'event' | 'payload'>;

/** A delivery that this replica has taken up. */
export interface ClaimedDelivery extends NewDelivery {
  /** Which attempt it is; nobody else has this one. */
  attempts: number;
  /** Which it is in the schedule of retries. */
  tries: number;
}

export interface DeliveryBacklog {
  pending: number;
  oldestAgeSeconds: number;
}

/** Deliveries by the clock of PostgreSQL. */
@Injectable()
export class WebhookDeliveryRepository {
  constructor(private readonly dataSource: DataSource) {}

  async insert(manager: EntityManager, deliveries: NewDelivery[]): Promise<void> {
    if (deliveries.length > 0) await manager.insert(WebhookDeliveryEntity, deliveries);
  }

  find(webhook: string, id: string): Promise<WebhookDeliveryEntity | null> {
    return this.dataSource.getRepository(WebhookDeliveryEntity).findOneBy({ webhook, id });
  }

  /** The newest first, before `before`. */
  list(
    webhook: string,
    of: { before?: string; status?: DeliveryStatus; limit: number },
  ): Promise<WebhookDeliveryEntity[]> {
    const { before, status, limit } = of;
    return this.dataSource.getRepository(WebhookDeliveryEntity).find({
      where: {
        webhook,
        ...(before !== undefined && { id: LessThan(before) }),
        ...(status !== undefined && { status }),
      },
      order: { id: 'DESC' },
      take: limit,
    });
  }

  /**
   * Takes up what is due, for `leaseMs`: whoever takes it up and dies has it due again then. Of webhooks with fewer attempts
   * under way first, and of each no more at once than `mostOfOne`, so that a slow receiver holds up its own only.
   *
   * @param of.underWay attempts of this replica, by webhook
   */
  async claim(of: {
    underWay: ReadonlyMap<string, number>;
    mostOfOne: number;
    room: number;
    leaseMs: number;
  }): Promise<ClaimedDelivery[]> {
    const [claimed] = await this.dataSource.query<[ClaimedDelivery[], number]>(
      `WITH due AS MATERIALIZED (
         SELECT delivery.id
           FROM webhook
           LEFT JOIN unnest($1::uuid[], $2::integer[]) AS busy (webhook, attempts) ON busy.webhook = webhook.id
          CROSS JOIN LATERAL (
            SELECT id, due_at FROM webhook_delivery
             WHERE webhook_delivery.webhook = webhook.id AND status = 'pending' AND due_at <= now()
             ORDER BY due_at LIMIT greatest($3 - coalesce(busy.attempts, 0), 0)
               FOR UPDATE SKIP LOCKED
          ) AS delivery
          WHERE webhook.enabled
          ORDER BY coalesce(busy.attempts, 0), delivery.due_at LIMIT $4)
       UPDATE webhook_delivery AS delivery
          SET attempts = attempts + 1, tries = tries + 1, leased = true, last_attempt_at = now(),
              due_at = now() + interval '1 millisecond' * $5
         FROM due WHERE delivery.id = due.id
       RETURNING delivery.id, webhook, event, payload, attempts, tries`,
      [[...of.underWay.keys()], [...of.underWay.values()], of.mostOfOne, of.room, of.leaseMs],
    );
    return claimed;
  }

  /** Whoever delivered it, also after the lease. @returns whether it was not delivered before */
  async delivered({ id }: ClaimedDelivery, status: number): Promise<boolean> {
    const [, changed] = await this.dataSource.query<[unknown, number]>(
      `UPDATE webhook_delivery SET status = 'delivered', leased = false, last_status = $2, last_reason = NULL
        WHERE id = $1 AND status <> 'delivered'`,
      [id, status],
    );
    return changed === 1;
  }

  /**
   * Has it tried again in `delayMs`, or no more; at once when somebody asked for that meanwhile. Changes nothing when another
   * attempt has begun.
   *
   * @returns what has become of it
   */
  async failed(
    { id, attempts, tries }: ClaimedDelivery,
    of: { status: number | undefined; reason: string },
    delayMs: number | undefined,
  ): Promise<DeliveryStatus | undefined> {
    const [rows] = await this.dataSource.query<[{ status: DeliveryStatus }[], number]>(
      `UPDATE webhook_delivery
          SET status = CASE WHEN tries = $3 AND $4::float8 IS NULL THEN 'failed' ELSE 'pending' END,
              due_at = CASE WHEN tries = $3 THEN now() + interval '1 millisecond' * coalesce($4::float8, 0) ELSE now() END,
              leased = false, last_status = $5, last_reason = $6
        WHERE id = $1 AND attempts = $2 AND status = 'pending'
       RETURNING status`,
      [id, attempts, tries, delayMs ?? null, of.status ?? null, of.reason],
    );
    return rows[0]?.status;
  }

  /** Gives it back as it was: the attempt was broken off. */
  async release({ id, attempts }: ClaimedDelivery): Promise<void> {
    await this.dataSource.query(
      `UPDATE webhook_delivery SET leased = false, due_at = now(), tries = greatest(tries - 1, 0)
        WHERE id = $1 AND attempts = $2 AND status = 'pending'`,
      [id, attempts],
    );
  }

  /** Begins the schedule anew: at once, unless an attempt is under way. @returns whether there is such a delivery */
  async retry(webhook: string, id: string): Promise<boolean> {
    const [, changed] = await this.dataSource.query<[unknown, number]>(
      `UPDATE webhook_delivery
          SET status = 'pending', tries = 0,
              due_at = CASE WHEN status = 'pending' AND leased AND due_at > now() THEN due_at ELSE now() END
        WHERE webhook = $1 AND id = $2`,
      [webhook, id],
    );
    return changed === 1;
  }

  /** Of what is to be sent: deliveries to webhooks that are enabled. */
  async backlog(): Promise<DeliveryBacklog> {
    const [backlog] = await this.dataSource.query<DeliveryBacklog[]>(
      `SELECT count(*)::integer AS pending,
              coalesce(extract(epoch FROM now() - min(delivery.created_at)), 0)::float8 AS "oldestAgeSeconds"
         FROM webhook_delivery AS delivery JOIN webhook ON webhook.id = delivery.webhook
        WHERE delivery.status = 'pending' AND webhook.enabled`,
    );
    return backlog ?? { pending: 0, oldestAgeSeconds: 0 };
  }

  /** What is older than `days` and not to be sent. @returns how many were removed */
  async removeOver(days: number, most: number): Promise<number> {
    const [, removed] = await this.dataSource.query<[unknown, number]>(
      `DELETE FROM webhook_delivery WHERE id IN (
         SELECT delivery.id FROM webhook_delivery AS delivery JOIN webhook ON webhook.id = delivery.webhook
          WHERE delivery.created_at < now() - interval '1 day' * $1
            AND (delivery.status <> 'pending' OR NOT webhook.enabled)
          LIMIT $2)`,
      [days, most],
    );
    return removed;
  }
}
