import { REFUSAL_RECORDER } from '@gatehouse/access-control';
import { AUDIT_SERVICE } from '@gatehouse/audit-contracts';
import { OutboxModule } from '@gatehouse/outbox';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import {
  type DynamicModule,
  type FactoryProvider,
  Module,
  type ModuleMetadata,
  type Provider,
} from '@nestjs/common';
import type { AuditClientOptions, DatabaselessAuditOptions } from './audit-client-options.js';
import { AUDIT_CLIENT_OPTIONS, AUDIT_JOURNAL, AUDIT_REQUESTS } from './audit-client.tokens.js';
import { AuditServiceClient } from './audit-service.client.js';
import { AuditServiceDestination } from './audit-service.destination.js';
import { ModeJournal } from './journals/mode.journal.js';
import { OutboxJournal } from './journals/outbox.journal.js';
import { StreamJournal } from './journals/stream.journal.js';
import { AuditRefusalRecorder } from './refusals/refusal.recorder.js';
import { SecurityAudit } from './security.audit.js';

export interface AuditClientModuleAsyncOptions<
  Options extends AuditClientOptions = AuditClientOptions,
> extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<Options>['useFactory'];
}

/**
 * `SecurityAudit` for every module of a service that has the transport. What `AccessControlModule` refuses in the same
 * application goes to the trail by itself.
 */
@Module({})
export class AuditClientModule {
  /**
   * For a service with a database, which lists `OutboxMessage` among its entities and `CreateOutbox1700000000000` among its
   * migrations (`@gatehouse/outbox`).
   */
  static forRoot(options: AuditClientOptions): DynamicModule {
    return this.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync(options: AuditClientModuleAsyncOptions): DynamicModule {
    return moduleOf(
      options,
      [OutboxModule],
      [AuditServiceDestination, { provide: AUDIT_JOURNAL, useClass: OutboxJournal }],
    );
  }

  /** For a service without a database: what is promised of an event is a matter of its mode. */
  static withoutDatabase(options: DatabaselessAuditOptions): DynamicModule {
    return this.withoutDatabaseAsync({ useFactory: () => options });
  }

  static withoutDatabaseAsync(
    options: AuditClientModuleAsyncOptions<DatabaselessAuditOptions>,
  ): DynamicModule {
    return moduleOf(options, [], [StreamJournal, { provide: AUDIT_JOURNAL, useClass: ModeJournal }]);
  }
}

function moduleOf(
  { imports = [], inject = [], useFactory }: AuditClientModuleAsyncOptions,
  parts: NonNullable<ModuleMetadata['imports']>,
  journal: Provider[],
): DynamicModule {
  return {
    module: AuditClientModule,
    global: true,
    imports: [
      ...imports,
      ...parts,
      RedisTransportModule.registerClient({ name: AUDIT_REQUESTS, service: AUDIT_SERVICE }),
    ],
    providers: [
      { provide: AUDIT_CLIENT_OPTIONS, inject, useFactory },
      AuditServiceClient,
      ...journal,
      SecurityAudit,
      { provide: REFUSAL_RECORDER, useClass: AuditRefusalRecorder },
    ],
    exports: [SecurityAudit, REFUSAL_RECORDER],
  };
}
