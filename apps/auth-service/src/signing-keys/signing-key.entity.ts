import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublicJwk } from './new-signing-key.js';

/** A key that access tokens are signed with; its private part is sealed. */
@Entity('signing_key')
export class SigningKeyEntity {
  @PrimaryColumn('text')
  kid!: string;

  @Column('text')
  algorithm!: string;

  /** The public JWK, as it is published; null for a secret that the platform shares. */
  @Column('jsonb', { name: 'public_jwk', nullable: true })
  publicJwk!: PublicJwk | null;

  /** PKCS #8 PEM, sealed by the keyring for `signing-key:<kid>`; null for a secret, which is in the configuration. */
  @Column('text', { name: 'sealed_private_key', nullable: true })
  sealedPrivateKey!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** It signs from then until another one does. */
  @Column('timestamptz', { name: 'active_from' })
  activeFrom!: Date;
}
