import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A provider's API key, sealed. */
@Entity('provider_key')
export class ProviderKeyEntity {
  @PrimaryColumn('text')
  provider!: string;

  /** A UUID, another for each key. */
  @Column('text', { name: 'key_id' })
  keyId!: string;

  /** Where it may be sent: scheme, host and port. */
  @Column('text')
  origin!: string;

  /** Sealed by the keyring for provider, key id and origin; see `ProviderKeyVault`. */
  @Column('text', { name: 'sealed_key' })
  sealedKey!: string;

  @Column('text', { nullable: true })
  last4!: string | null;

  @Column('timestamptz', { name: 'set_at' })
  setAt!: Date;
}
