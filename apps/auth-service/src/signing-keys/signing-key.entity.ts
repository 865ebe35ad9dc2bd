import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PublicJwk } from './new-signing-key.js';

/** A key that access tokens are signed with; its private part is sealed. */
@Entity('signing_key')
export class SigningKeyEntity {
  @PrimaryColumn('text')
  kid!: string;

  @Column('text')
  algorithm!: string;

  /** The public JWK, as it is published. */
  @Column('jsonb', { name: 'public_jwk' })
  publicJwk!: PublicJwk;

  /** PKCS #8 PEM, sealed by the keyring for `signing-key:<kid>`. */
  @Column('text', { name: 'sealed_private_key' })
  sealedPrivateKey!: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
