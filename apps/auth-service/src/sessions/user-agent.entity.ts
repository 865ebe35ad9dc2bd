import { Column, Entity, PrimaryColumn } from 'typeorm';

/** User agents that sessions were begun with, each once. */
@Entity('user_agent')
export class UserAgentEntity {
  @PrimaryColumn('text')
  id!: string;

  @Column('text')
  text!: string;

  /** When a session was last begun with it. */
  @Column('timestamptz', { name: 'used_at' })
  usedAt!: Date;
}
