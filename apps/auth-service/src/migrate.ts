import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { migrateDatabase } from '@gatehouse/database';
import { authDatabase } from './auth.database.js';
import { AuthEnvironment } from './auth.environment.js';

const ran = await migrateDatabase(authDatabase(readOrExit(() => AuthEnvironment.read())));
process.stdout.write(ran.length === 0 ? 'Nothing to migrate\n' : `Migrated: ${ran.join(', ')}\n`);
