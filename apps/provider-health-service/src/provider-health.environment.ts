import {
  databaseUrl,
  databaseVariables,
  flag,
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

/** Every variable that provider-health-service reads; `.env.example` and a test know them too. */
export const providerHealthVariables = z.object({
  ...serviceVariables,
  ...redisVariables,
  ...databaseVariables('PROVIDER_HEALTH_DATABASE_URL'),
  ...tokenVariables,
  ...revocationVariables,
  /** Seals the API keys of providers and the secrets of webhooks. Several, comma-separated: the first seals, all open. */
  ENCRYPTION_KEY: secretList(),
  /** Checks and webhooks may also go to addresses of own networks: loopback, private ranges; never to metadata. */
  HEALTH_CHECK_ALLOW_PRIVATE: flag().default(false),
  /** What it presents to auth-service for tokens of its own. */
  SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: secret(),
});

type Variables = z.output<typeof providerHealthVariables>;

/** The configuration of provider-health-service, read once at start. */
export class ProviderHealthEnvironment {
  /** First part of every key in Redis. */
  readonly namespace: string;
  readonly databaseUrl: string;
  readonly redis: RedisSettings;
  readonly jwksUrl: string;
  /** What tokens are verified with, where that is a secret of the platform. */
  readonly sharedSecret: string | undefined;
  /** What is done while it is not certain that every revocation is known. */
  readonly staleness: ReturnType<typeof stalenessPolicy>;
  readonly tokenUrl: string;
  /** The first seals, all open. */
  readonly encryptionKeys: readonly string[];

  constructor(
    readonly variables: Variables,
    overrides: { namespace?: string } = {},
  ) {
    const authUrl = variables.AUTH_URL ?? variables.ISSUER;
    this.namespace = overrides.namespace ?? 'gatehouse';
    this.databaseUrl = databaseUrl(variables, 'PROVIDER_HEALTH_DATABASE_URL', 'gatehouse_provider_health');
    this.redis = redisSettings(variables);
    this.jwksUrl = `${authUrl}/.well-known/jwks.json`;
    this.tokenUrl = `${authUrl}/v1/auth/token`;
    this.encryptionKeys = variables.ENCRYPTION_KEY;
    this.sharedSecret = sharedSecret(variables);
    this.staleness = stalenessPolicy(variables);
    Object.freeze(this);
  }

  /** @throws EnvironmentError that names every problem */
  static read(source: NodeJS.ProcessEnv = process.env): ProviderHealthEnvironment {
    return new ProviderHealthEnvironment(readEnvironment(providerHealthVariables, source));
  }
}
