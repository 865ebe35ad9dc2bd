import { REFUSAL_RECORDER } from '@gatehouse/access-control';
import { AUDIT_SERVICE } from '@gatehouse/audit-contracts';
import { OutboxModule } from '@gatehouse/outbox';
import { RedisTransportModule } from '@gatehouse/redis-transport';
import { type DynamicModule, type FactoryProvider, Module, type ModuleMetadata } from '@nestjs/common';
import type { AuditClientOptions } from './audit-client-options.js';
import { AUDIT_CLIENT_OPTIONS, AUDIT_REQUESTS } from './audit-client.tokens.js';
import { AuditServiceDestination } from './audit-service.destination.js';
import { AuditRefusalRecorder } from './refusals/refusal.recorder.js';
import { SecurityAudit } from './security.audit.js';

export interface AuditClientModuleAsyncOptions extends Pick<ModuleMetadata, 'imports'> {
  inject?: FactoryProvider['inject'];
  useFactory: FactoryProvider<AuditClientOptions>['useFactory'];
}

/**
 * `SecurityAudit` for every module of a service that has a database and the transport. The service lists
 * `OutboxMessage` among its entities and `CreateOutbox1700000000000` among its migrations (`@gatehouse/outbox`).
 * What `AccessControlModule` refuses in the same application goes to the trail by itself.
 */
@Module({})
export class AuditClientModule {
  static forRoot(options: AuditClientOptions): DynamicModule {
    return this.forRootAsync({ useFactory: () => options });
  }

  static forRootAsync(options: AuditClientModuleAsyncOptions): DynamicModule {
    return {
      module: AuditClientModule,
      global: true,
      imports: [
        ...(options.imports ?? []),
        OutboxModule,
        RedisTransportModule.registerClient({ name: AUDIT_REQUESTS, service: AUDIT_SERVICE }),
      ],
      providers: [
        { provide: AUDIT_CLIENT_OPTIONS, inject: options.inject ?? [], useFactory: options.useFactory },
        AuditServiceDestination,
        SecurityAudit,
        { provide: REFUSAL_RECORDER, useClass: AuditRefusalRecorder },
      ],
      exports: [SecurityAudit, REFUSAL_RECORDER],
    };
  }
}
