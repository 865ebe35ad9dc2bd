import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { startService } from '@gatehouse/service-bootstrap';
import { AppModule } from './app.module.js';
import { AuditEnvironment } from './audit.environment.js';
import { SERVICE_NAME, TRANSPORT_NAME } from './audit-service.js';

const environment = readOrExit(() => AuditEnvironment.read());
await startService({
  name: SERVICE_NAME,
  transport: TRANSPORT_NAME,
  path: 'audit',
  module: AppModule.of(environment),
  environment: environment.variables,
});
