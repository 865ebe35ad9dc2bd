import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { ProviderKeyEntity } from './provider-key.entity.js';

@Injectable()
export class ProviderKeyRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(provider: string): Promise<ProviderKeyEntity | null> {
    return this.dataSource.getRepository(ProviderKeyEntity).findOneBy({ provider });
  }

  findAll(
    providers: readonly string[],
    manager: EntityManager = this.dataSource.manager,
  ): Promise<ProviderKeyEntity[]> {
    return manager.findBy(ProviderKeyEntity, { provider: In(providers) });
  }

  /** In place of the one before. */
  async put(manager: EntityManager, key: ProviderKeyEntity): Promise<void> {
    await manager.upsert(ProviderKeyEntity, key, ['provider']);
  }

  async remove(manager: EntityManager, provider: string): Promise<void> {
    await manager.delete(ProviderKeyEntity, { provider });
  }
}
