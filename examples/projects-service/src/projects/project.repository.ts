import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { ProjectEntity } from './project.entity.js';
import type { Project } from './project.js';

const MOST_LISTED = 100;

@Injectable()
export class ProjectRepository {
  constructor(private readonly dataSource: DataSource) {}

  find(id: string): Promise<Project | null> {
    return this.dataSource.getRepository(ProjectEntity).findOneBy({ id });
  }

  /** Those that everybody sees, and those of `ownerId`; the newest first. */
  listVisible(ownerId: string | undefined): Promise<Project[]> {
    const own = ownerId === undefined ? [] : [{ ownerId }];
    return this.list([{ shared: true }, ...own]);
  }

  listAll(): Promise<Project[]> {
    return this.list();
  }

  async insert(manager: EntityManager, project: Project): Promise<void> {
    await manager.insert(ProjectEntity, project);
  }

  /** @returns whether it is there */
  async update(manager: EntityManager, id: string, change: Partial<Project>): Promise<boolean> {
    return (await manager.update(ProjectEntity, { id }, change)).affected === 1;
  }

  /** @returns whether it was there */
  async remove(manager: EntityManager, id: string): Promise<boolean> {
    return (await manager.delete(ProjectEntity, { id })).affected === 1;
  }

  private list(where: { shared?: true; ownerId?: string }[] = []): Promise<Project[]> {
    return this.dataSource
      .getRepository(ProjectEntity)
      .find({ where, order: { createdAt: 'DESC', id: 'DESC' }, take: MOST_LISTED });
  }
}
