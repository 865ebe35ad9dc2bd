import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
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
