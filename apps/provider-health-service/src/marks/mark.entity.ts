import type { ProviderStatusName } from '@gatehouse/provider-health-contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What somebody has said that a provider is, until Redis was told. */
@Entity('provider_mark')
export class MarkEntity {
  /** A bigint, so a string; those of a provider grow in the order of their commits. */
  @PrimaryColumn('bigint', { generated: 'identity' })
  id!: string;

  @Column('text')
  provider!: string;

  @Column('text')
  status!: ProviderStatusName;

  @Column('double precision', { name: 'response_time_ms', nullable: true })
  responseTimeMs!: number | null;
}
