import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { RoleEntity } from './role.entity.js';

@Injectable()
export class RoleRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(name: string): Promise<RoleEntity | null> {
    return this.dataSource.getRepository(RoleEntity).findOneBy({ name });
  }

  /** By name. */
  list(): Promise<RoleEntity[]> {
    return this.dataSource
      .getRepository(RoleEntity)
      .createQueryBuilder('role')
      .orderBy('role.name COLLATE "C"', 'ASC')
      .getMany();
  }

  /** The role; until the transaction ends no account gets it and nobody changes it. */
  lock(manager: EntityManager, name: string): Promise<RoleEntity | null> {
    return manager
      .getRepository(RoleEntity)
      .findOne({ where: { name }, lock: { mode: 'pessimistic_write' } });
  }

  /** The role; it is neither changed nor deleted until the transaction ends. */
  lockForShare(manager: EntityManager, name: string): Promise<RoleEntity | null> {
    return manager.getRepository(RoleEntity).findOne({ where: { name }, lock: { mode: 'pessimistic_read' } });
  }

  async save(manager: EntityManager, role: RoleEntity): Promise<void> {
    await manager.upsert(RoleEntity, { ...role }, ['name']);
  }

  async remove(manager: EntityManager, name: string): Promise<void> {
    await manager.delete(RoleEntity, { name });
  }
}
