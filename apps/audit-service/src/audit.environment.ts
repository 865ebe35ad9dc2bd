import {
  databaseUrl,
  databaseVariables,
  readEnvironment,
  redisSettings,
  redisVariables,
  revocationVariables,
  secret,
  secretList,
  serviceVariables,
  sharedSecret,
  stalenessPolicy,
  tokenVariables,
} from '@gatehouse/environment';
import type { RedisSettings } from '@gatehouse/redis';
import { z } from 'zod';

/** Every variable that audit-service reads; `.env.example` and a test know them too. */
export const auditVariables = z.object({
  ...serviceVariables,
  ...redisVariables,
  ...databaseVariables('AUDIT_DATABASE_URL'),
  ...databaseVariables('AUDIT_KEYS_DATABASE_URL'),
  /** Seals the keys of personal data; comma-separated, the first seals, all of them open. */
  ENCRYPTION_KEY: secret(),
  /** Its Ed25519 key signs the checkpoints of the log; comma-separated, all of them sign. */
  AUDIT_LOG_SIGNING_KEY: secretList(),
  /** The name of the log in its checkpoints; made of ISSUER where not given. */
  AUDIT_LOG_ORIGIN: z
    .string()
    .max(200)
    .regex(/^[^\s+]+$/, 'must have no spaces and no plus sign')
    .optional(),
  /** Where the last signed size and root are kept, besides the database and Redis. */
  AUDIT_LOG_STATE_FILE: z.string().min(1).optional(),
  ...tokenVariables,
  ...revocationVariables,
});

type Variables = z.output<typeof auditVariables>;

/** The configuration of audit-service, read once at start. */
export class AuditEnvironment {
  /** First part of every key in Redis. */
  readonly namespace: string;
  readonly databaseUrl: string;
  /** Where the keys of personal data are, apart from the log. */
  readonly keysDatabaseUrl: string;
  readonly encryptionKeys: readonly string[];
  readonly logOrigin: string;
  readonly logSigningSecrets: readonly string[];
  readonly logStateFile: string | undefined;
  readonly redis: RedisSettings;
  readonly jwksUrl: string;
  /** What tokens are verified with, where that is a secret of the platform. */
  readonly sharedSecret: string | undefined;
  /** What is done while it is not certain that every revocation is known. */
  readonly staleness: ReturnType<typeof stalenessPolicy>;

  constructor(
    readonly variables: Variables,
    overrides: { namespace?: string } = {},
  ) {
    this.namespace = overrides.namespace ?? 'gatehouse';
    this.databaseUrl = databaseUrl(variables, 'AUDIT_DATABASE_URL', 'gatehouse_audit');
    this.keysDatabaseUrl = databaseUrl(variables, 'AUDIT_KEYS_DATABASE_URL', 'gatehouse_audit_keys');
    this.encryptionKeys = variables.ENCRYPTION_KEY.split(',');
    this.logOrigin = variables.AUDIT_LOG_ORIGIN ?? originOf(variables.ISSUER);
    this.logSigningSecrets = variables.AUDIT_LOG_SIGNING_KEY;
    this.logStateFile = variables.AUDIT_LOG_STATE_FILE;
    this.redis = redisSettings(variables);
    this.jwksUrl = `${variables.AUTH_URL ?? variables.ISSUER}/.well-known/jwks.json`;
    this.sharedSecret = sharedSecret(variables);
    this.staleness = stalenessPolicy(variables);
    Object.freeze(this);
  }

  /** @throws EnvironmentError that names every problem */
  static read(source: NodeJS.ProcessEnv = process.env): AuditEnvironment {
    return new AuditEnvironment(readEnvironment(auditVariables, source));
  }
}

/** `https://example.com` has the log `example.com/audit`. */
const originOf = (issuer: string) => `${issuer.replace(/^https?:\/\//, '').replace(/[\s+]/g, '-')}/audit`;
