import { env } from 'node:process';
import {
  databaseUrl,
  databaseVariables,
  readEnvironment,
  redisSettings,
  redisVariables,
  serviceVariables,
} from '@gatehouse/environment';
import type { RedisSettings } from '@gatehouse/redis';
import type { ServiceEnvironment } from '@gatehouse/service-bootstrap';
import { z } from 'zod';

const DATABASE_NAME = 'gatehouse_audit';
const DATABASE_VARIABLE = 'AUDIT_DATABASE_URL';

/** The variables of audit-service, for `.env.example` and the documents. */
export const auditVariables = z.object({
  ...serviceVariables,
  ...redisVariables,
  ...databaseVariables(DATABASE_VARIABLE),
});

/** The configuration of audit-service. */
export class AuditEnvironment {
  /** What `startService` asks for. */
  readonly service: ServiceEnvironment;
  readonly databaseUrl: string;
  readonly redis: RedisSettings;
  readonly issuer: string;
  readonly audience: string;
  readonly jwksUrl: string;

  private constructor(source: Readonly<Record<string, string | undefined>>) {
    const variables = readEnvironment(auditVariables, source);
    this.service = variables;
    this.databaseUrl = databaseUrl(variables, DATABASE_VARIABLE, DATABASE_NAME);
    this.redis = redisSettings(variables);
    this.issuer = variables.ISSUER;
    this.audience = variables.AUDIENCE;
    this.jwksUrl = `${variables.AUTH_URL ?? variables.ISSUER}/.well-known/jwks.json`;
  }

  /** @throws EnvironmentError that names every problem */
  static read(source: Readonly<Record<string, string | undefined>> = env): Readonly<AuditEnvironment> {
    return Object.freeze(new AuditEnvironment(source));
  }
}
