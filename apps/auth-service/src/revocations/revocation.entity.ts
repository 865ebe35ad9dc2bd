import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What is revoked, from before it is acknowledged until nothing of it can be valid any more. */
@Entity('revocation')
export class RevocationEntity {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  kind!: 'session' | 'token' | 'account' | 'api-key';

  /** Id of the session, token, account or key. */
  @Column('text')
  subject!: string;

  @Column('uuid', { name: 'account_id', nullable: true })
  accountId!: string | null;

  /** Of an account: tokens and sessions of an earlier epoch end. */
  @Column('integer', { nullable: true })
  epoch!: number | null;

  @Column('text', { name: 'except_session', nullable: true })
  exceptSession!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt!: Date;

  /** When it had been published and its sessions ended; null until then. */
  @Column('timestamptz', { name: 'settled_at', nullable: true })
  settledAt!: Date | null;
}
