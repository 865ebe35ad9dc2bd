import { migrateDatabase } from '@gatehouse/database';
import { AuditEnvironment } from './audit.environment.js';
import { SERVICE_NAME } from './audit-service.js';
import { AUDIT_MIGRATIONS } from './migrations/audit-migrations.js';

const ran = await migrateDatabase({
  url: AuditEnvironment.read().databaseUrl,
  applicationName: SERVICE_NAME,
  migrations: AUDIT_MIGRATIONS,
});
console.log(ran.length === 0 ? 'Nothing to migrate.' : `Migrated: ${ran.join(', ')}`);
