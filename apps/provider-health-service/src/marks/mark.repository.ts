import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In } from 'typeorm';
import { MarkEntity } from './mark.entity.js';

@Injectable()
export class MarkRepository {
  constructor(private readonly dataSource: DataSource) {}

  async add(manager: EntityManager, mark: Omit<MarkEntity, 'id'>): Promise<void> {
    await manager.insert(MarkEntity, mark);
  }

  /** Those of a provider of which Redis may not know, the oldest first. */
  pendingOf(manager: EntityManager, provider: string): Promise<MarkEntity[]> {
    return manager.find(MarkEntity, { where: { provider }, order: { id: 'ASC' } });
  }

  async remove(manager: EntityManager, ids: string[]): Promise<void> {
    await manager.delete(MarkEntity, { id: In(ids) });
  }

  /** The providers that have some. */
  async providers(): Promise<string[]> {
    const rows = await this.dataSource.query<{ provider: string }[]>(
      'SELECT DISTINCT provider FROM provider_mark',
    );
    return rows.map(({ provider }) => provider);
  }
}
