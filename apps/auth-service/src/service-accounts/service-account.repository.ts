import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ServiceAccount } from './service-account.entity.js';

@Injectable()
export class ServiceAccountRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(id: string): Promise<ServiceAccount | null> {
    return this.dataSource.getRepository(ServiceAccount).findOneBy({ id });
  }

  /** The account; it does not change until the transaction ends. */
  lock(manager: EntityManager, id: string): Promise<ServiceAccount | null> {
    return manager
      .getRepository(ServiceAccount)
      .findOne({ where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** In the order of their ids after `after`: those that were made, in that order, then the suite's own. */
  list({ after, limit }: { after?: string; limit: number }): Promise<ServiceAccount[]> {
    const query = this.dataSource.getRepository(ServiceAccount).createQueryBuilder('account');
    if (after !== undefined) query.where('account.id COLLATE "C" > :after', { after });
    return query.orderBy('account.id COLLATE "C"', 'ASC').limit(limit).getMany();
  }

  /** One statement: of any number with one name exactly one is made. @returns whether it was */
  async insertUnlessTaken(manager: EntityManager, account: ServiceAccount): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(ServiceAccount)
      .values(account)
      .orIgnore()
      .returning('id')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }

  async setPermissions(manager: EntityManager, id: string, permissions: string[]): Promise<void> {
    await manager.update(ServiceAccount, { id }, { permissions });
  }

  /** @returns the new epoch */
  async raiseEpoch(manager: EntityManager, { id, epoch }: ServiceAccount): Promise<number> {
    await manager.update(ServiceAccount, { id }, { epoch: epoch + 1 });
    return epoch + 1;
  }

  /** With its secrets. */
  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.delete(ServiceAccount, { id });
  }
}
