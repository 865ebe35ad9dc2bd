import type { MigrationClass } from '@gatehouse/database';
import { CreateLog1700000000000 } from './create-log.migration.js';

/** In order. */
export const AUDIT_MIGRATIONS: readonly MigrationClass[] = [CreateLog1700000000000];
