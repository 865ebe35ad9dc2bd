import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, MoreThan } from 'typeorm';
import { WebhookEntity } from './webhook.entity.js';

@Injectable()
export class WebhookRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(id: string): Promise<WebhookEntity | null> {
    return this.dataSource.getRepository(WebhookEntity).findOneBy({ id });
  }

  /** In the order of their ids, after `after`. */
  list(of: { after?: string; limit: number }): Promise<WebhookEntity[]> {
    return this.dataSource.getRepository(WebhookEntity).find({
      where: of.after === undefined ? {} : { id: MoreThan(of.after) },
      order: { id: 'ASC' },
      take: of.limit,
    });
  }

  /** How many there are; nobody else adds one until the transaction ends. */
  async countToAdd(manager: EntityManager): Promise<number> {
    await manager.query('LOCK TABLE webhook IN SHARE ROW EXCLUSIVE MODE');
    return manager.count(WebhookEntity);
  }

  async insert(manager: EntityManager, webhook: Omit<WebhookEntity, 'createdAt'>): Promise<WebhookEntity> {
    await manager.insert(WebhookEntity, webhook);
    return manager.findOneByOrFail(WebhookEntity, { id: webhook.id });
  }

  /** The row, which nobody else changes until the transaction ends. */
  lock(manager: EntityManager, id: string): Promise<WebhookEntity | null> {
    return manager.findOne(WebhookEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Those that are enabled; they may be changed until the transaction ends, and not deleted. */
  keepEnabled(manager: EntityManager): Promise<WebhookEntity[]> {
    return manager.find(WebhookEntity, {
      where: { enabled: true },
      order: { id: 'ASC' },
      lock: { mode: 'for_key_share' },
    });
  }

  /** It may be changed until the transaction ends, and not deleted. @returns whether there is one */
  async keep(manager: EntityManager, id: string): Promise<boolean> {
    return (
      (await manager.findOne(WebhookEntity, { where: { id }, lock: { mode: 'for_key_share' } })) !== null
    );
  }

  /** @param webhook that is locked, as it is to be */
  async update(manager: EntityManager, { id, ...columns }: WebhookEntity): Promise<void> {
    await manager.update(WebhookEntity, { id }, columns);
  }

  /** Its receiver wants no more. @returns false when it was disabled already, or goes to another URL by now */
  async disableGone(manager: EntityManager, id: string, url: string): Promise<boolean> {
    const change = { enabled: false, disabledBy: 'receiver' as const };
    return (await manager.update(WebhookEntity, { id, url, enabled: true }, change)).affected === 1;
  }

  /** With its secrets and its deliveries. @returns whether there was one */
  async remove(manager: EntityManager, id: string): Promise<boolean> {
    return (await manager.delete(WebhookEntity, { id })).affected === 1;
  }
}
