import {
  databaseUrl,
  databaseVariables,
  integer,
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
import { type Argon2Parameters, argon2Parameters } from './passwords/argon2-parameters.js';
import { rateLimit } from './rate-limits/rate-limit.js';
import { JWKS_CACHE_SECONDS, type KeyRules } from './signing-keys/key-timeline.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How far the clocks of hosts may be apart. */
const CLOCK_SKEW_MS = MINUTE_MS;
/**
 * How long a revocation may take from being written to its commit: PostgreSQL ends a transaction that does nothing for a
 * minute, and a statement after ten seconds.
 */
const COMMIT_MS = 2 * MINUTE_MS;

/** Every variable that auth-service reads; `.env.example` and a test know them too. */
export const authVariables = z.object({
  ...serviceVariables,
  ...redisVariables,
  ...databaseVariables('AUTH_DATABASE_URL'),
  ...tokenVariables,
  ...revocationVariables,
  /** Seals private keys and signs refresh tokens. Several, comma-separated: the first seals, all open. */
  ENCRYPTION_KEY: secretList(),
  SIGNING_KEY_ROTATION_DAYS: integer({ min: 1, max: 365 }).default(30),
  ACCESS_TOKEN_EXPIRE_MINUTES: integer({ min: 1, max: 60 }).default(15),
  REFRESH_TOKEN_EXPIRE_DAYS: integer({ min: 1, max: 90 }).default(7),
  REFRESH_REUSE_WINDOW_SECONDS: integer({ max: 60 }).default(10),
  /** Without a refresh a session ends after this; the life of a refresh token unless it is set. */
  SESSION_IDLE_DAYS: integer({ min: 1, max: 90 }).optional(),
  SESSION_ABSOLUTE_DAYS: integer({ min: 1, max: 365 }).default(30),
  MAX_SESSIONS_PER_USER: integer({ min: 1, max: 1_000 }).default(20),
  MAX_API_KEYS_PER_USER: integer({ min: 1, max: 1_000 }).default(20),
  REGISTRATION: z.enum(['open', 'closed']).default('open'),
  PASSWORD_MIN_LENGTH: integer({ min: 8, max: 64 }).default(12),
  /** The cost of argon2id. A hash of another cost is made anew after the next login. */
  PASSWORD_HASH_MEMORY_KIB: integer({ min: 7_168, max: 1_048_576 }).default(19_456),
  PASSWORD_HASH_ITERATIONS: integer({ min: 1, max: 100 }).default(2),
  PASSWORD_HASH_PARALLELISM: integer({ min: 1, max: 16 }).default(1),
  /** Attempts to sign in, count/seconds: all from an address; failures at an account; failures at it from one address. */
  LOGIN_LIMIT_PER_ADDRESS: rateLimit().prefault('300/60'),
  LOGIN_LIMIT_PER_ACCOUNT: rateLimit().prefault('10/900'),
  LOGIN_LIMIT_PER_ADDRESS_AND_ACCOUNT: rateLimit().prefault('5/300'),
  /** Attempts to register, to set a password by a reset token, and to get tokens of services, from an address. */
  REGISTER_LIMIT_PER_ADDRESS: rateLimit().prefault('20/3600'),
  PASSWORD_RESET_LIMIT_PER_ADDRESS: rateLimit().prefault('20/3600'),
  TOKEN_LIMIT_PER_ADDRESS: rateLimit().prefault('300/60'),
  /** API keys of the right form that there are not, from an address. */
  UNKNOWN_API_KEY_LIMIT_PER_ADDRESS: rateLimit().prefault('100/60'),
  /** The first admin, made at the first start when both are set. */
  BOOTSTRAP_ADMIN_EMAIL: z.email().optional(),
  BOOTSTRAP_ADMIN_PASSWORD: z.string().min(12).max(256).optional(),
  /** What the services of the suite present for tokens of their own. */
  SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: secret().optional(),
  SERVICE_AUDIT_SERVICE_SECRET: secret().optional(),
});

type Variables = z.output<typeof authVariables>;

/** The configuration of auth-service, read once at start. */
export class AuthEnvironment {
  /** First part of every key in Redis. */
  readonly namespace: string = 'gatehouse';
  readonly databaseUrl: string;
  readonly redis: RedisSettings;
  readonly encryptionKeys: readonly string[];
  readonly accessTokenSeconds: number;
  readonly refreshReuseWindowMs: number;
  readonly sessionIdleMs: number;
  readonly sessionAbsoluteMs: number;
  /** How long a revocation has to be known: no token that was issued before its commit lives longer. */
  readonly revocationMs: number;
  /** What access tokens are signed with, where that is a secret of the platform. */
  readonly sharedSecret: string | undefined;
  /** What is done while it is not certain that every revocation is known. */
  readonly staleness: ReturnType<typeof stalenessPolicy>;
  readonly keyRules: KeyRules;
  readonly passwordHashCost: Argon2Parameters;

  constructor(
    readonly variables: Variables,
    overrides: { namespace?: string } = {},
  ) {
    this.namespace = overrides.namespace ?? this.namespace;
    this.databaseUrl = databaseUrl(variables, 'AUTH_DATABASE_URL', 'gatehouse_auth');
    this.redis = redisSettings(variables);
    this.encryptionKeys = variables.ENCRYPTION_KEY;
    this.accessTokenSeconds = variables.ACCESS_TOKEN_EXPIRE_MINUTES * 60;
    this.refreshReuseWindowMs = variables.REFRESH_REUSE_WINDOW_SECONDS * 1000;
    const refreshMs = variables.REFRESH_TOKEN_EXPIRE_DAYS * DAY_MS;
    const idleMs = (variables.SESSION_IDLE_DAYS ?? variables.REFRESH_TOKEN_EXPIRE_DAYS) * DAY_MS;
    this.sessionIdleMs = Math.min(refreshMs, idleMs);
    this.sessionAbsoluteMs = variables.SESSION_ABSOLUTE_DAYS * DAY_MS;
    const tokenMs = this.accessTokenSeconds * 1000 + CLOCK_SKEW_MS;
    this.revocationMs = tokenMs + COMMIT_MS;
    this.sharedSecret = sharedSecret(variables);
    this.passwordHashCost = argon2Parameters(variables);
    this.staleness = stalenessPolicy(variables);
    this.keyRules = {
      // Twice as long as a JWKS may be in caches: every verifier has read it by then.
      aheadMs: 2 * JWKS_CACHE_SECONDS * 1000,
      keptMs: tokenMs,
      rotationMs: variables.SIGNING_KEY_ROTATION_DAYS * DAY_MS,
    };
    Object.freeze(this);
  }

  /** @throws EnvironmentError that names every problem */
  static read(source: NodeJS.ProcessEnv = process.env): AuthEnvironment {
    return new AuthEnvironment(readEnvironment(authVariables, source));
  }
}
