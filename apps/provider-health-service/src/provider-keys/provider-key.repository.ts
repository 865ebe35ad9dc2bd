import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, MoreThan } from 'typeorm';
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

  /** In the order of their providers, after `after`. */
  page(after: string, limit: number): Promise<ProviderKeyEntity[]> {
    const where = { provider: MoreThan(after) };
    return this.dataSource
      .getRepository(ProviderKeyEntity)
      .find({ where, order: { provider: 'ASC' }, take: limit });
  }

  /** Seals the same key anew, unless it is another by now. @returns whether it did */
  async replaceSeal(provider: string, sealedKey: string, by: string): Promise<boolean> {
    const keys = this.dataSource.getRepository(ProviderKeyEntity);
    return (await keys.update({ provider, sealedKey }, { sealedKey: by })).affected === 1;
  }

  /** In place of the one before. */
  async put(manager: EntityManager, key: ProviderKeyEntity): Promise<void> {
    await manager.upsert(ProviderKeyEntity, key, ['provider']);
  }

  async remove(manager: EntityManager, provider: string): Promise<void> {
    await manager.delete(ProviderKeyEntity, { provider });
  }
}
