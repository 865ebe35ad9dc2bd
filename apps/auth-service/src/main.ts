import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { startService } from '@gatehouse/service-bootstrap';
import { AppModule } from './app.module.js';
import { AuthEnvironment } from './auth.environment.js';

const environment = readOrExit(() => AuthEnvironment.read());
await startService({
  name: 'auth-service',
  transport: 'auth',
  path: 'auth',
  module: AppModule.of(environment),
  environment: environment.variables,
});
