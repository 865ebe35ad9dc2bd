import type { DatabaseOptions } from '@gatehouse/database';
import type { AuditEnvironment } from './audit.environment.js';
import { SERVICE_NAME } from './audit-service.js';
import { CreateCheckpoints1700000000003 } from './migrations/create-checkpoints.migration.js';
import { CreateLog1700000000000 } from './migrations/create-log.migration.js';
import { CreateRole1700000000010, LOG_ROLE } from './migrations/create-role.migration.js';
import { CreateSweep1700000000004 } from './migrations/create-sweep.migration.js';
import { CreateTree1700000000002 } from './migrations/create-tree.migration.js';

/** Where the log is. It has no entities: what is read and written there is written in SQL. */
export const auditDatabase = (environment: AuditEnvironment): DatabaseOptions => ({
  url: environment.databaseUrl,
  applicationName: SERVICE_NAME,
  role: LOG_ROLE,
  entities: [],
  migrations: [
    CreateLog1700000000000,
    CreateTree1700000000002,
    CreateCheckpoints1700000000003,
    CreateSweep1700000000004,
    CreateRole1700000000010,
  ],
});
