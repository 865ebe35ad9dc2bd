import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, LessThan } from 'typeorm';
import { TransitionEntity } from './transition.entity.js';

@Injectable()
export class TransitionRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** @returns whether it was new: a transition is known by its provider and version */
  async insertOnce(manager: EntityManager, transition: TransitionEntity): Promise<boolean> {
    const result = await manager
      .createQueryBuilder()
      .insert()
      .into(TransitionEntity)
      .values(transition)
      .orIgnore()
      .returning('version')
      .execute();
    return (result.raw as unknown[]).length === 1;
  }

  /** The newest first, before `before`. */
  history(provider: string, of: { before?: number; limit: number }): Promise<TransitionEntity[]> {
    return this.dataSource.getRepository(TransitionEntity).find({
      where: { provider, ...(of.before === undefined ? {} : { version: LessThan(of.before) }) },
      order: { version: 'DESC' },
      take: of.limit,
    });
  }
}
