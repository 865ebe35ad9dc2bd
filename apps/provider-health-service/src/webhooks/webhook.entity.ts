import type { WebhookAnswer, WebhookEvent } from '@gatehouse/provider-health-contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A receiver elsewhere, and what it is told of. */
@Entity('webhook')
export class WebhookEntity {
  /** UUIDv7. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  url!: string;

  @Column('text')
  description!: string;

  @Column('boolean')
  enabled!: boolean;

  /** Null while it is enabled. */
  @Column('text', { name: 'disabled_by', nullable: true })
  disabledBy!: WebhookAnswer['disabledBy'];

  @Column('text', { array: true })
  events!: WebhookEvent[];

  @Column('text', { array: true })
  providers!: string[];

  @Column('text', { array: true })
  tags!: string[];

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;
}
