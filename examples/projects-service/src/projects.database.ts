import { CreateOutbox1700000000000, OutboxMessage } from '@gatehouse/outbox';
import { CreateProjects1795000000000 } from './migrations/create-projects.migration.js';
import type { ProjectsEnvironment } from './projects.environment.js';
import { ProjectEntity } from './projects/project.entity.js';

/** Where projects are, and the events of the audit trail until audit-service has them. */
export const projectsDatabase = (environment: ProjectsEnvironment) => ({
  url: environment.databaseUrl,
  applicationName: 'projects-service',
  entities: [OutboxMessage, ProjectEntity],
  migrations: [CreateOutbox1700000000000, CreateProjects1795000000000],
});
