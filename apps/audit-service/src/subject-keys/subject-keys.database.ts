import type { DatabaseOptions } from '@gatehouse/database';
import type { AuditEnvironment } from '../audit.environment.js';
import { SERVICE_NAME } from '../audit-service.js';
import { CreateSubjectKeys1700000000001 } from '../migrations/create-subject-keys.migration.js';

/** The connection of the keys' own database. */
export const SUBJECT_KEYS_DATABASE = Symbol('the database of the subject keys');

/**
 * Where the keys of personal data are: apart from the log, so that a backup of the log opens nothing, and an erased key
 * is in none of its backups.
 */
export const subjectKeysDatabase = (environment: AuditEnvironment): DatabaseOptions => ({
  url: environment.keysDatabaseUrl,
  applicationName: `${SERVICE_NAME}:keys`,
  entities: [],
  migrations: [CreateSubjectKeys1700000000001],
  poolSize: 4,
});
