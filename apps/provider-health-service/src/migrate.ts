import 'reflect-metadata';
import { migrateDatabase } from '@gatehouse/database';
import { readOrExit } from '@gatehouse/environment';
import { providerHealthDatabase } from './provider-health.database.js';
import { ProviderHealthEnvironment } from './provider-health.environment.js';

const ran = await migrateDatabase(providerHealthDatabase(readOrExit(() => ProviderHealthEnvironment.read())));
process.stdout.write(ran.length === 0 ? 'Nothing to migrate\n' : `Migrated: ${ran.join(', ')}\n`);
