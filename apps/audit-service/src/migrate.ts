import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { migrateDatabase } from '@gatehouse/database';
import { auditDatabase } from './audit.database.js';
import { AuditEnvironment } from './audit.environment.js';
import { subjectKeysDatabase } from './subject-keys/subject-keys.database.js';

const environment = readOrExit(() => AuditEnvironment.read());
const ran = [
  ...(await migrateDatabase(auditDatabase(environment))),
  ...(await migrateDatabase(subjectKeysDatabase(environment))),
];
process.stdout.write(ran.length === 0 ? 'Nothing to migrate\n' : `Migrated: ${ran.join(', ')}\n`);
