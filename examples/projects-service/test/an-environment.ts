import { readEnvironment } from '@gatehouse/environment';
import { ISSUER } from '../../../test/support/access-tokens.js';
import { ProjectsEnvironment, projectsVariables } from '../src/projects.environment.js';

/** A configuration for tests: the engines of the run, a namespace of its own. */
export function anEnvironment(of: {
  namespace: string;
  databaseUrl: string;
  /** The origin of all other services. */
  gateway: string;
}): ProjectsEnvironment {
  const variables = readEnvironment(projectsVariables, {
    ISSUER,
    AUTH_URL: of.gateway,
    PROJECTS_DATABASE_URL: of.databaseUrl,
    REDIS_URL: process.env['REDIS_URL'],
    PROVIDER_HEALTH_URL: of.gateway,
    PROJECTS_CLIENT_ID: 'projects',
    PROJECTS_CLIENT_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
    LOG_LEVEL: 'silent',
  });
  return new ProjectsEnvironment(variables, { namespace: of.namespace });
}
