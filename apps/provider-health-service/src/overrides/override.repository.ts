import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, Raw } from 'typeorm';
import { OverrideEntity } from './override.entity.js';

@Injectable()
export class OverrideRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Also one whose time has come: it is Redis that ends it. */
  find(manager: EntityManager, provider: string): Promise<OverrideEntity | null> {
    return manager.findOneBy(OverrideEntity, { provider });
  }

  /** @returns whether it is there */
  async holdProvider(manager: EntityManager, name: string): Promise<boolean> {
    const statement = 'SELECT 1 FROM provider WHERE name = $1 FOR NO KEY UPDATE';
    return (await manager.query<unknown[]>(statement, [name])).length === 1;
  }

  /** By the clock of PostgreSQL. */
  async now(manager: EntityManager): Promise<Date> {
    const [row] = await manager.query<{ now: Date }[]>('SELECT now()');
    return (row as { now: Date }).now;
  }

  /** Puts it in the place of another; whoever else changes it waits for the transaction. */
  async put(manager: EntityManager, override: OverrideEntity): Promise<void> {
    await manager.upsert(OverrideEntity, override, ['provider']);
  }

  /** @returns whether there was one */
  async remove(manager: EntityManager, provider: string): Promise<boolean> {
    return (await manager.delete(OverrideEntity, { provider })).affected === 1;
  }

  all(): Promise<OverrideEntity[]> {
    return this.dataSource.getRepository(OverrideEntity).find();
  }

  /** Longer ago than the clocks of Redis and PostgreSQL are apart. */
  async removeLongEnded(): Promise<void> {
    const until = Raw((column) => `${column} < now() - interval '1 minute'`);
    await this.dataSource.getRepository(OverrideEntity).delete({ until });
  }

  /** Removes those of these providers whose time has come. */
  async removeEnded(providers: string[]): Promise<void> {
    const until = Raw((column) => `${column} <= now()`);
    await this.dataSource.getRepository(OverrideEntity).delete({ provider: In(providers), until });
  }
}
