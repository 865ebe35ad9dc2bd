import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, IsNull, LessThan } from 'typeorm';
import { IncidentEntity } from './incident.entity.js';

@Injectable()
export class IncidentRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** The last incident of a provider, held until the transaction ends. */
  lockLast(manager: EntityManager, provider: string): Promise<IncidentEntity | null> {
    return manager
      .getRepository(IncidentEntity)
      .findOne({ where: { provider }, order: { firstVersion: 'DESC' }, lock: { mode: 'pessimistic_write' } });
  }

  /** Keeps a provider from being deleted until the transaction ends. @returns whether it is there */
  async holdProvider(manager: EntityManager, name: string): Promise<boolean> {
    const rows = await manager.query<unknown[]>('SELECT 1 FROM provider WHERE name = $1 FOR KEY SHARE', [
      name,
    ]);
    return rows.length === 1;
  }

  /** Closes the open incident of a provider, by the clock of PostgreSQL. @returns null when there is none */
  async close(manager: EntityManager, provider: string): Promise<IncidentEntity | null> {
    const open = await manager.findOne(IncidentEntity, {
      where: { provider, closedAt: IsNull() },
      lock: { mode: 'pessimistic_write' },
    });
    if (open === null) return null;
    const closing = 'UPDATE incident SET closed_at = greatest(now(), opened_at) WHERE id = $1';
    await manager.query(closing, [open.id]);
    return manager.findOneBy(IncidentEntity, { id: open.id });
  }

  async save(manager: EntityManager, incident: IncidentEntity): Promise<void> {
    await manager.getRepository(IncidentEntity).upsert(incident, ['id']);
  }

  /** The newest first, of those that opened before the version `before`. */
  list(provider: string, of: { before?: number; limit: number }): Promise<IncidentEntity[]> {
    return this.dataSource.getRepository(IncidentEntity).find({
      where: { provider, ...(of.before === undefined ? {} : { firstVersion: LessThan(of.before) }) },
      order: { firstVersion: 'DESC' },
      take: of.limit,
    });
  }
}
