import 'reflect-metadata';
import { startService } from '@gatehouse/service-bootstrap';
import { AuditEnvironment } from './audit.environment.js';
import { AuditModule } from './audit.module.js';
import { SERVICE_NAME, TRANSPORT_NAME } from './audit-service.js';

await startService({
  name: SERVICE_NAME,
  transport: TRANSPORT_NAME,
  path: 'audit',
  module: AuditModule,
  environment: AuditEnvironment.read().service,
});
