import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { startService } from '@gatehouse/service-bootstrap';
import { AppModule } from './app.module.js';
import { ProviderHealthEnvironment } from './provider-health.environment.js';

const environment = readOrExit(() => ProviderHealthEnvironment.read());
await startService({
  name: 'provider-health-service',
  transport: 'provider-health',
  path: 'providers',
  module: AppModule.of(environment),
  environment: environment.variables,
});
