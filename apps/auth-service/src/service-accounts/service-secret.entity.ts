import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a service account authenticates with. */
@Entity('service_secret')
export class ServiceSecret {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text', { name: 'account_id' })
  accountId!: string;

  /** Given by PostgreSQL: the newer of two has the greater one, whatever clocks say. */
  @Column({ type: 'bigint', insert: false, update: false })
  number?: string;

  /** See `ServiceSecretHasher`. */
  @Column('bytea')
  hash!: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
