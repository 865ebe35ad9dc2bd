import 'reflect-metadata';
import { readOrExit } from '@gatehouse/environment';
import { startService } from '@gatehouse/service-bootstrap';
import { AppModule } from './app.module.js';
import { ProjectsEnvironment } from './projects.environment.js';

const environment = readOrExit(() => ProjectsEnvironment.read());
await startService({
  name: 'projects-service',
  transport: 'projects',
  path: 'projects',
  module: AppModule.of(environment),
  environment: environment.variables,
});
