import type { ProviderStatusName, StatusChange } from '@gatehouse/provider-health-contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One change of the status of a provider, written down once. */
@Entity('transition')
export class TransitionEntity {
  @PrimaryColumn('text')
  provider!: string;

  @PrimaryColumn('integer')
  version!: number;

  @Column('text', { name: 'from_status' })
  from!: ProviderStatusName;

  @Column('text', { name: 'to_status' })
  to!: ProviderStatusName;

  @Column('text')
  reason!: StatusChange['reason'];

  @Column('timestamptz')
  at!: Date;

  /** Its place among the transitions of all providers, in the order of their commits; a bigint, so a string. */
  @Column('bigint')
  sequence!: string;
}
