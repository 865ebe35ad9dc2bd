import type { Logger } from 'typeorm';

/** TypeORM writes to the console, also with its logging off; what is worth saying `DatabaseConnection` says. */
export class SilentLogger implements Logger {
  logQuery(): void {}
  logQueryError(): void {}
  logQuerySlow(): void {}
  logSchemaBuild(): void {}
  logMigration(): void {}
  log(): void {}
}
