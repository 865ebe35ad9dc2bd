import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, Raw } from 'typeorm';
import { OverrideEntity } from './override.entity.js';

@Injectable()
export class OverrideRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The one that holds now, by the clock of PostgreSQL. */
  find(manager: EntityManager, provider: string): Promise<OverrideEntity | null> {
    const until = Raw((column) => `(${column} IS NULL OR ${column} > now())`);
    return manager.findOneBy(OverrideEntity, { provider, until });
  }

  /** Puts it in the place of another; whoever else changes it waits for the transaction. */
  async put(manager: EntityManager, override: OverrideEntity): Promise<void> {
    await manager.upsert(OverrideEntity, override, ['provider']);
  }

  /** @returns whether there was one */
  async remove(manager: EntityManager, provider: string): Promise<boolean> {
    return (await manager.delete(OverrideEntity, { provider })).affected === 1;
  }

  /** Removes those of these providers whose time has come. */
  async removeEnded(providers: string[]): Promise<void> {
    const until = Raw((column) => `${column} <= now()`);
    await this.dataSource.getRepository(OverrideEntity).delete({ provider: In(providers), until });
  }
}
