import { readEnvironment } from '@gatehouse/environment';
import { ProviderHealthEnvironment, providerHealthVariables } from '../src/provider-health.environment.js';

/** A configuration for tests: the engines of the run, a namespace of its own. */
export function anEnvironment(of: {
  namespace: string;
  databaseUrl?: string;
  authUrl?: string;
  allowPrivate?: boolean;
  encryptionKeys?: string[];
}): ProviderHealthEnvironment {
  const variables = readEnvironment(providerHealthVariables, {
    ISSUER: 'https://platform.test',
    AUTH_URL: of.authUrl ?? 'http://127.0.0.1:1',
    PROVIDER_HEALTH_DATABASE_URL: of.databaseUrl ?? 'postgres://127.0.0.1:1/none',
    REDIS_URL: process.env['REDIS_URL'],
    SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: 'a-secret-of-the-tests-that-is-long-enough',
    ENCRYPTION_KEY: (of.encryptionKeys ?? ['an-encryption-key-of-the-tests-long-enough']).join(','),
    LOG_LEVEL: 'silent',
    HEALTH_CHECK_ALLOW_PRIVATE: of.allowPrivate === false ? 'false' : 'true',
  });
  return new ProviderHealthEnvironment(variables, { namespace: of.namespace });
}
