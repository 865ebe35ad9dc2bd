import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { Project } from './project.js';

@Entity('project')
export class ProjectEntity implements Project {
  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  name!: string;

  @Column('text')
  text!: string;

  @Column('text', { name: 'owner_id' })
  ownerId!: string;

  @Column('boolean')
  shared!: boolean;

  @Column('boolean')
  archived!: boolean;

  @Column('text', { nullable: true })
  summary!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;
}
