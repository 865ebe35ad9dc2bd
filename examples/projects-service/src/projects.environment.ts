import type { AccessControlOptions, ServiceTokensOptions } from '@gatehouse/access-control';
import {
  databaseUrl,
  databaseVariables,
  httpUrl,
  list,
  readEnvironment,
  type RedisConnectionSettings,
  redisSettings,
  redisVariables,
  revocationVariables,
  secret,
  serviceVariables,
  sharedSecret,
  stalenessPolicy,
  tokenVariables,
} from '@gatehouse/environment';
import { z } from 'zod';

/** Every variable that projects-service reads. */
export const projectsVariables = z.object({
  ...serviceVariables,
  ...redisVariables,
  ...databaseVariables('PROJECTS_DATABASE_URL'),
  ...tokenVariables,
  ...revocationVariables,
  /** Its service account, as `POST /v1/auth/service-accounts` answered it. */
  PROJECTS_CLIENT_ID: z.string().min(1),
  PROJECTS_CLIENT_SECRET: secret(),
  /** Where provider-health-service is; `ISSUER`, the gateway, when it is not set. */
  PROVIDER_HEALTH_URL: httpUrl().optional(),
  /** The providers that may write summaries, the one to ask first in front. */
  PROJECTS_PROVIDERS: list().default(['writer', 'spare-writer']),
});

type Variables = z.output<typeof projectsVariables>;

/** The configuration of projects-service, read once at start. */
export class ProjectsEnvironment {
  readonly namespace: string;
  readonly databaseUrl: string;
  readonly redis: RedisConnectionSettings;
  /** How it recognises callers. */
  readonly accessControl: AccessControlOptions;
  /** How it gets tokens of its own. */
  readonly identity: ServiceTokensOptions;
  readonly providerHealthUrl: string;

  constructor(
    readonly variables: Variables,
    overrides: { namespace?: string } = {},
  ) {
    const { ISSUER, AUDIENCE, AUTH_URL = ISSUER, NODE_ENV } = variables;
    this.namespace = overrides.namespace ?? 'gatehouse';
    this.databaseUrl = databaseUrl(variables, 'PROJECTS_DATABASE_URL', 'gatehouse_projects');
    this.redis = redisSettings(variables);
    this.accessControl = {
      issuer: ISSUER,
      audience: AUDIENCE,
      jwksUrl: `${AUTH_URL}/.well-known/jwks.json`,
      secret: sharedSecret(variables),
      staleness: stalenessPolicy(variables),
      explain: NODE_ENV === 'development',
    };
    this.identity = {
      tokenUrl: `${AUTH_URL}/v1/auth/token`,
      clientId: variables.PROJECTS_CLIENT_ID,
      clientSecret: variables.PROJECTS_CLIENT_SECRET,
    };
    this.providerHealthUrl = variables.PROVIDER_HEALTH_URL ?? ISSUER;
    Object.freeze(this);
  }

  /** @throws EnvironmentError that names every problem */
  static read(source: NodeJS.ProcessEnv = process.env): ProjectsEnvironment {
    return new ProjectsEnvironment(readEnvironment(projectsVariables, source));
  }
}
