import { Body, Controller, Delete, Get, HttpCode, Param, Post } from '@nestjs/common';
import {
  AdminOnly,
  CurrentAdmin,
  CurrentUser,
  OptionalAuth,
  Public,
  RequireAnyPermission,
  RequirePermission,
  Roles,
} from '@gatehouse/access-control';
import type { Principal } from '@gatehouse/auth-contracts';
import { CurrentRequest, type RequestContext } from '@gatehouse/service-bootstrap';
import { CreateProjectBody, type ProjectAnswer, ProjectId, toProjectAnswer } from './project.js';
import { ProjectManager } from './project.manager.js';

@Controller('v1/projects')
export class ProjectsController {
  constructor(private readonly projects: ProjectManager) {}

  /** For the role user or a higher one. */
  @Post()
  @Roles('user')
  async create(
    @Body({ schema: CreateProjectBody }) body: CreateProjectBody,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ProjectAnswer> {
    return toProjectAnswer(await this.projects.create(body, { by, request }));
  }

  /** Guests see what is shared; users see their own too. */
  @Get()
  @OptionalAuth()
  async list(@CurrentUser({ optional: true }) user?: Principal): Promise<ProjectAnswer[]> {
    return (await this.projects.listVisible(user?.id)).map(toProjectAnswer);
  }

  @Get('ping')
  @Public()
  ping(): { pong: true } {
    return { pong: true };
  }

  /** Whoever has this permission by a role, by an API key, or as a service. */
  @Get('all')
  @RequirePermission('projects:read')
  async listAll(): Promise<ProjectAnswer[]> {
    return (await this.projects.listAll()).map(toProjectAnswer);
  }

  /** Calls a provider: for whoever may report on providers, as users may, or has the right to this alone. */
  @Post(':id/summary')
  @RequireAnyPermission('providers:report', 'projects:summarise')
  @HttpCode(200)
  async summarise(
    @Param('id', { schema: ProjectId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<ProjectAnswer> {
    return toProjectAnswer(await this.projects.summarise(id, { by, request }));
  }

  @Post(':id/archive')
  @RequirePermission('projects:archive')
  @HttpCode(204)
  archive(
    @Param('id', { schema: ProjectId }) id: string,
    @CurrentUser() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.projects.archive(id, { by, request });
  }

  @Delete(':id')
  @AdminOnly()
  @HttpCode(204)
  remove(
    @Param('id', { schema: ProjectId }) id: string,
    @CurrentAdmin() by: Principal,
    @CurrentRequest() request: RequestContext,
  ): Promise<void> {
    return this.projects.remove(id, { by, request });
  }
}
