import { CreateOutbox1700000000000, OutboxMessage } from '@gatehouse/outbox';
import { ApiKeyEntity } from './api-keys/api-key.entity.js';
import { Account } from './accounts/account.entity.js';
import type { AuthEnvironment } from './auth.environment.js';
import { AddDeviceEpoch1764500000000 } from './migrations/add-device-epoch.migration.js';
import { AddPasswordResets1764200000000 } from './migrations/add-password-resets.migration.js';
import { CreateAccounts1764000000000 } from './migrations/create-accounts.migration.js';
import { CreateApiKeys1764800000000 } from './migrations/create-api-keys.migration.js';
import { CreateRevocations1764100000000 } from './migrations/create-revocations.migration.js';
import { CreateRoles1764700000000 } from './migrations/create-roles.migration.js';
import { CreateUserAgents1764100000001 } from './migrations/create-user-agents.migration.js';
import { IndexPasswordResets1764500000001 } from './migrations/index-password-resets.migration.js';
import { KeepServiceSecrets1764600000000 } from './migrations/keep-service-secrets.migration.js';
import { RotateSigningKeys1764300000000 } from './migrations/rotate-signing-keys.migration.js';
import { RevocationEntity } from './revocations/revocation.entity.js';
import { RoleEntity } from './roles/role.entity.js';
import { ServiceAccount } from './service-accounts/service-account.entity.js';
import { ServiceSecret } from './service-accounts/service-secret.entity.js';
import { UserAgentEntity } from './sessions/user-agent.entity.js';
import { SigningKeyEntity } from './signing-keys/signing-key.entity.js';

/** Where auth-service keeps what must not be lost, and what is in it. */
export const authDatabase = (environment: AuthEnvironment) => ({
  url: environment.databaseUrl,
  applicationName: 'auth-service',
  entities: [
    ...[Account, ApiKeyEntity, OutboxMessage, RevocationEntity, RoleEntity, ServiceAccount, ServiceSecret],
    ...[SigningKeyEntity, UserAgentEntity],
  ],
  migrations: [
    CreateOutbox1700000000000,
    CreateAccounts1764000000000,
    CreateRevocations1764100000000,
    CreateUserAgents1764100000001,
    AddPasswordResets1764200000000,
    RotateSigningKeys1764300000000,
    AddDeviceEpoch1764500000000,
    IndexPasswordResets1764500000001,
    KeepServiceSecrets1764600000000,
    CreateRoles1764700000000,
    CreateApiKeys1764800000000,
  ],
});
