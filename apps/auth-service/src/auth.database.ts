import { CreateOutbox1700000000000, OutboxMessage } from '@gatehouse/outbox';
import { Account } from './accounts/account.entity.js';
import type { AuthEnvironment } from './auth.environment.js';
import { CreateAccounts1764000000000 } from './migrations/create-accounts.migration.js';
import { ServiceAccount } from './service-accounts/service-account.entity.js';
import { SigningKeyEntity } from './signing-keys/signing-key.entity.js';

/** Where auth-service keeps what must not be lost, and what is in it. */
export const authDatabase = (environment: AuthEnvironment) => ({
  url: environment.databaseUrl,
  applicationName: 'auth-service',
  entities: [Account, OutboxMessage, ServiceAccount, SigningKeyEntity],
  migrations: [CreateOutbox1700000000000, CreateAccounts1764000000000],
});
