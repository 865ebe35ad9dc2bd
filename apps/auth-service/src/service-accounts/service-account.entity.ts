import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A service that has tokens of its own. */
@Entity('service_account')
export class ServiceAccount {
  /** Its client id, and `sub` of its tokens. */
  @PrimaryColumn('text')
  id!: string;

  /** Unique, whatever the case of its letters. */
  @Column('text')
  name!: string;

  @Column('text', { array: true })
  permissions!: string[];

  /** One of the suite's own, made from the configuration. */
  @Column('boolean', { name: 'built_in' })
  builtIn!: boolean;

  /** Of the tokens that are accepted: raising it ends the earlier ones. */
  @Column('integer')
  epoch!: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
