import 'reflect-metadata';
import { migrateDatabase } from '@gatehouse/database';
import { readOrExit } from '@gatehouse/environment';
import { projectsDatabase } from './projects.database.js';
import { ProjectsEnvironment } from './projects.environment.js';

const ran = await migrateDatabase(projectsDatabase(readOrExit(() => ProjectsEnvironment.read())));
process.stdout.write(ran.length === 0 ? 'Nothing to migrate\n' : `Migrated: ${ran.join(', ')}\n`);
