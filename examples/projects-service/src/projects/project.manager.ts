import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { SummaryWriter } from '../summaries/summary.writer.js';
import { type CreateProjectBody, isVisibleTo, type Project } from './project.js';
import { ProjectRepository } from './project.repository.js';

/** Who asks, and from where. */
export interface Caller {
  by: Principal;
  request: RequestContext;
}

/** Each change is written together with its audit event: neither is there without the other. */
@Injectable()
export class ProjectManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly projects: ProjectRepository,
    private readonly audit: SecurityAudit,
    private readonly writer: SummaryWriter,
  ) {}

  /** What somebody sees; without an id, a guest. */
  listVisible(id: string | undefined): Promise<Project[]> {
    return this.projects.listVisible(id);
  }

  listAll(): Promise<Project[]> {
    return this.projects.listAll();
  }

  /** @throws NotFoundError */
  async get(id: string): Promise<Project> {
    const project = await this.projects.find(id);
    if (project === null) throw new NotFoundError();
    return project;
  }

  async create({ name, text, shared }: CreateProjectBody, caller: Caller): Promise<Project> {
    const made = { id: uuidv7(), name, text, shared, ownerId: caller.by.id, createdAt: new Date() };
    const project = { ...made, archived: false, summary: null };
    await this.dataSource.transaction(async (manager) => {
      await this.projects.insert(manager, project);
      await this.tell(manager, 'project.created', project.id, caller, { name });
    });
    return project;
  }

  /** Has a provider write the summary of a project that the caller sees. @throws NotFoundError */
  async summarise(id: string, caller: Caller): Promise<Project> {
    const project = await this.get(id);
    if (!isVisibleTo(project, caller.by.id)) throw new NotFoundError();
    const { summary, provider } = await this.writer.write(project.text);
    await this.change(id, { summary }, 'project.summarised', caller, { provider });
    return { ...project, summary };
  }

  /** @throws NotFoundError */
  async archive(id: string, caller: Caller): Promise<void> {
    await this.change(id, { archived: true }, 'project.archived', caller);
  }

  /** @throws NotFoundError */
  async remove(id: string, caller: Caller): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.projects.remove(manager, id))) throw new NotFoundError();
      await this.tell(manager, 'project.deleted', id, caller);
    });
  }

  private async change(id: string, to: Partial<Project>, action: string, caller: Caller, details?: object) {
    await this.dataSource.transaction(async (manager) => {
      if (!(await this.projects.update(manager, id, to))) throw new NotFoundError();
      await this.tell(manager, action, id, caller, details);
    });
  }

  private tell(
    manager: EntityManager,
    action: string,
    id: string,
    { by, request }: Caller,
    details?: object,
  ) {
    return this.audit.enlist(manager).logAccessEvent({
      action,
      outcome: 'success',
      actor: { type: by.type, id: by.id },
      target: { type: 'project', id },
      context: { ...request, sessionId: by.sessionId },
      ...(details && { details: { ...details } }),
    });
  }
}
