import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A service that has tokens of its own. */
@Entity('service_account')
export class ServiceAccount {
  @PrimaryColumn('text', { name: 'client_id' })
  clientId!: string;

  @Column('text', { array: true })
  permissions!: string[];

  /** SHA-256 of the secret: it is random and long, so it needs no slow hash. */
  @Column('bytea', { name: 'secret_hash' })
  secretHash!: Buffer;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
