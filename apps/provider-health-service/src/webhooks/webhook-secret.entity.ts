import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A secret that signs for a webhook, sealed; see `WebhookSecretVault`. */
@Entity('webhook_secret')
export class WebhookSecretEntity {
  /** UUIDv7. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid')
  webhook!: string;

  @Column('text')
  sealed!: string;

  @Column('timestamptz', { name: 'created_at', default: () => 'now()' })
  createdAt!: Date;

  /** Null for the present one. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;
}
