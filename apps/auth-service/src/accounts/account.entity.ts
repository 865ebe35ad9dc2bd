import { Column, Entity, PrimaryColumn } from 'typeorm';

export type AccountStatus = 'active' | 'disabled';

@Entity('account')
export class Account {
  @PrimaryColumn('uuid')
  id!: string;

  /** Trimmed, in lower case, unique. */
  @Column('text')
  email!: string;

  @Column('text', { name: 'display_name', nullable: true })
  displayName!: string | null;

  @Column('text')
  role!: string;

  @Column('text')
  status!: AccountStatus;

  /** A PHC string. */
  @Column('text', { name: 'password_hash' })
  passwordHash!: string;

  /** Grows with each change of role, status or password. */
  @Column('integer')
  epoch!: number;

  /** Grows when a refresh token was reused: what its devices have shown until then is not believed any more. */
  @Column('integer', { name: 'device_epoch' })
  deviceEpoch!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
