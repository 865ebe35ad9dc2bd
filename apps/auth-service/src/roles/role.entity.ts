import type { Role } from '@gatehouse/auth-contracts';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A role of the platform's own. */
@Entity('role')
export class RoleEntity {
  @PrimaryColumn('text')
  name!: string;

  /** The built-in role whose rights it has too. */
  @Column('text')
  parent!: Role;

  @Column('text', { array: true })
  permissions!: string[];

  @Column('text', { nullable: true })
  description!: string | null;

  @Column('timestamptz', { name: 'created_at' })
  createdAt!: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt!: Date;
}
