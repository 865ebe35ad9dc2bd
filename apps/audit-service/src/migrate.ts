import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { migrateDatabase } from '@gatehouse/database';
import { auditDatabase } from './audit.database.js';
import { AuditEnvironment } from './audit.environment.js';

const ran = await migrateDatabase(auditDatabase(readOrExit(() => AuditEnvironment.read())));
process.stdout.write(ran.length === 0 ? 'Nothing to migrate\n' : `Migrated: ${ran.join(', ')}\n`);
