import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
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
