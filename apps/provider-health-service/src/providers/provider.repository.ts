import { Injectable } from '@nestjs/common';
import type { HealthCheck } from '@gatehouse/provider-health-contracts';
import { DataSource, type EntityManager, IsNull, Not } from 'typeorm';
import type { CheckedProvider } from './checked-provider.js';
import { Provider } from './provider.entity.js';

@Injectable()
export class ProviderRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(name: string): Promise<Provider | null> {
    return this.dataSource.getRepository(Provider).findOneBy({ name });
  }

  /** In the order of their names, after `after`. */
  list(of: { after?: string; tag?: string; limit: number }): Promise<Provider[]> {
    const query = this.dataSource.getRepository(Provider).createQueryBuilder('provider');
    if (of.after !== undefined) query.andWhere('provider.name > :after', { after: of.after });
    if (of.tag !== undefined) query.andWhere(':tag = ANY(provider.tags)', { tag: of.tag });
    return query.orderBy('provider.name', 'ASC').limit(of.limit).getMany();
  }

  /** Those that have a check. */
  async listChecked(): Promise<CheckedProvider[]> {
    const found = await this.dataSource.getRepository(Provider).find({
      select: { name: true, baseUrl: true, healthCheck: true },
      where: { healthCheck: Not(IsNull()) },
      order: { name: 'ASC' },
    });
    return found.flatMap(({ name, baseUrl, healthCheck }) =>
      healthCheck === null ? [] : [{ name, baseUrl, healthCheck }],
    );
  }

  /** The row, which nobody else changes until the transaction ends. */
  lock(manager: EntityManager, name: string): Promise<Provider | null> {
    return manager.findOne(Provider, { where: { name }, lock: { mode: 'pessimistic_write' } });
  }

  /** The row, which nobody else changes or deletes until the transaction ends; others may refer to it. */
  hold(manager: EntityManager, name: string): Promise<Provider | null> {
    return manager.findOne(Provider, { where: { name }, lock: { mode: 'for_no_key_update' } });
  }

  /** @param provider that is locked, as it is to be */
  async update(manager: EntityManager, { name, ...columns }: Provider): Promise<void> {
    await manager.update(Provider, { name }, columns);
  }

  /** With all that belongs to it. */
  async remove(manager: EntityManager, name: string): Promise<void> {
    await manager.delete(Provider, { name });
  }

  async setAfterVersion(manager: EntityManager, name: string, afterVersion: number): Promise<void> {
    await manager.update(Provider, { name }, { afterVersion });
  }

  async setHealthCheck(manager: EntityManager, name: string, healthCheck: HealthCheck): Promise<void> {
    await manager.update(Provider, { name }, { healthCheck });
  }

  /** One statement: of any number of callers with one name exactly one makes a provider. @returns whether it did */
  async insertUnlessThere(manager: EntityManager, provider: Provider): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(Provider)
      .values(provider)
      .orIgnore()
      .returning('name')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }
}
