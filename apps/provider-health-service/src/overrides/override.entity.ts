import type { OverrideBody } from '@gatehouse/provider-health-contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** An operator's word on a provider. */
@Entity('provider_override')
export class OverrideEntity {
  @PrimaryColumn('text')
  provider!: string;

  @Column('text')
  status!: OverrideBody['status'];

  @Column('text')
  reason!: string;

  /** Null: until it is lifted. */
  @Column('timestamptz', { nullable: true })
  until!: Date | null;

  /** The id of who said it. */
  @Column('text')
  by!: string;

  @Column('timestamptz')
  at!: Date;
}
