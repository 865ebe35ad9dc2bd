import { Module } from '@nestjs/common';
import { SummariesModule } from '../summaries/summaries.module.js';
import { ProjectManager } from './project.manager.js';
import { ProjectRepository } from './project.repository.js';
import { ProjectsConsumer } from './projects.consumer.js';
import { ProjectsController } from './projects.controller.js';

@Module({
  imports: [SummariesModule],
  controllers: [ProjectsController, ProjectsConsumer],
  providers: [ProjectManager, ProjectRepository],
})
export class ProjectsModule {}
