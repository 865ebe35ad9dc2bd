import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Incident } from './incident.js';

@Entity('incident')
export class IncidentEntity {
  /** UUIDv7. */
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  provider!: string;

  /** The version of the change that opened it: incidents of a provider are in this order. */
  @Column('integer', { name: 'first_version' })
  firstVersion!: number;

  @Column('timestamptz', { name: 'opened_at' })
  openedAt!: Date;

  @Column('timestamptz', { name: 'closed_at', nullable: true })
  closedAt!: Date | null;

  @Column('text')
  severity!: Incident['severity'];

  @Column('integer')
  flaps!: number;

  @Column('integer')
  transitions!: number;

  @Column('text', { name: 'first_reason' })
  firstReason!: Incident['firstReason'];

  @Column('text', { name: 'last_reason' })
  lastReason!: Incident['lastReason'];
}
