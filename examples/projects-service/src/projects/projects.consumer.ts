import { Controller } from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { RequirePermission } from '@gatehouse/access-control';
import { GetProject, type ProjectAnswer, toProjectAnswer } from './project.js';
import { ProjectManager } from './project.manager.js';

/** What other services ask, with their own token or a user's in the message. */
@Controller()
export class ProjectsConsumer {
  constructor(private readonly projects: ProjectManager) {}

  @MessagePattern('projects.get')
  @RequirePermission('projects:read')
  async get(@Payload({ schema: GetProject }) { id }: GetProject): Promise<ProjectAnswer> {
    return toProjectAnswer(await this.projects.get(id));
  }
}
