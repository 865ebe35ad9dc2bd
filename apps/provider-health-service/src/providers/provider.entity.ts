import type { HealthCheck, HealthPolicy } from '@gatehouse/provider-health-contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('provider')
export class Provider {
  /** A slug. */
  @PrimaryColumn('text')
  name!: string;

  @Column('text')
  kind!: string;

  @Column('text', { name: 'base_url' })
  baseUrl!: string;

  @Column('integer')
  priority!: number;

  @Column('double precision')
  weight!: number;

  @Column('double precision', { name: 'cost_per_million_tokens', nullable: true })
  costPerMillionTokens!: number | null;

  @Column('text', { array: true })
  models!: string[];

  @Column('text', { array: true })
  tags!: string[];

  @Column('jsonb')
  policy!: HealthPolicy;

  @Column('jsonb', { name: 'health_check', nullable: true })
  healthCheck!: HealthCheck | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  /** The last version of a provider of this name that there was before; 0 when there was none. */
  @Column('integer', { name: 'after_version', default: 0 })
  afterVersion!: number;
}
