import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What a user's program shows in place of a token. It ends with its owner. */
@Entity('api_key')
export class ApiKeyEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('uuid', { name: 'owner_id' })
  ownerId!: string;

  @Column('text')
  name!: string;

  /** See `ApiKeyHasher`. */
  @Column('bytea')
  hash!: Buffer;

  @Column('text', { array: true })
  permissions!: string[];

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** null: until it is deleted. */
  @Column('timestamptz', { name: 'expires_at', nullable: true })
  expiresAt!: Date | null;

  @Column('timestamptz', { name: 'last_used_at', nullable: true })
  lastUsedAt!: Date | null;
}
