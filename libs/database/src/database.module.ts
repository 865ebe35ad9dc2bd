import {
  type DynamicModule,
  type FactoryProvider,
  Logger,
  Module,
  type ModuleMetadata,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ConnectionPool } from './connection.pool.js';
import { DatabaseConnection } from './database.connection.js';
import { DATABASE_OPTIONS } from './database.tokens.js';
import { type DatabaseOptions, dataSourceOptions, DeferredDataSource } from './deferred-data.source.js';

export interface DatabaseModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<DatabaseOptions>['useFactory'];
}

/**
 * The service's own PostgreSQL database, for the whole process: provides TypeORM's `DataSource`,
 * `DatabaseConnection` and `ConnectionPool`. It is closed after the modules that are not global have shut down.
 */
@Module({})
export class DatabaseModule {
  static forRootAsync(options: DatabaseModuleAsyncOptions): DynamicModule {
    return {
      module: DatabaseModule,
      global: true,
      imports: options.imports ?? [],
      providers: [
        { provide: DATABASE_OPTIONS, inject: options.inject ?? [], useFactory: options.useFactory },
        { provide: DataSource, inject: [DATABASE_OPTIONS], useFactory: createDataSource },
        DatabaseConnection,
        ConnectionPool,
      ],
      exports: [DataSource, DatabaseConnection, ConnectionPool],
    };
  }
}

/**
 * A second database of the same process, as the factory of a provider: Nest connects it at the start and closes it at the
 * end, as it does the first.
 */
export function openDatabase(options: DatabaseOptions): DatabaseConnection {
  return new DatabaseConnection(createDataSource(options), options);
}

function createDataSource(options: DatabaseOptions): DataSource {
  const logger = new Logger(DatabaseModule.name);
  return new DeferredDataSource(
    dataSourceOptions(options, (error) => logger.debug(`An idle connection ended: ${error.message}`)),
  );
}
