import type { WebhookDelivery } from '@gatehouse/provider-health-contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One message to one webhook, kept until it is delivered and for a time after. */
@Entity('webhook_delivery')
export class WebhookDeliveryEntity {
  /** UUIDv7; the `webhook-id` of each attempt. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  webhook!: string;

  @Column('text')
  event!: WebhookDelivery['event'];

  /** Signed and sent byte for byte. */
  @Column('text')
  payload!: string;

  @Column('text', { default: 'pending' })
  status!: WebhookDelivery['status'];

  /** How often it was taken up; an attempt is known by it. */
  @Column('integer', { default: 0 })
  attempts!: number;

  /** How far it has come in the schedule of retries. */
  @Column('integer', { default: 0 })
  tries!: number;

  /** Of a pending one: when it is taken up next. While an attempt is under way that is the end of its lease. */
  @Column('timestamptz', { name: 'due_at', default: () => 'now()' })
  dueAt!: Date;

  /** Whether an attempt is under way, or was lost. */
  @Column('boolean', { default: false })
  leased!: boolean;

  @Column('integer', { name: 'last_status', nullable: true })
  lastStatus!: number | null;

  @Column('text', { name: 'last_reason', nullable: true })
  lastReason!: string | null;

  @Column('timestamptz', { name: 'last_attempt_at', nullable: true })
  lastAttemptAt!: Date | null;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
