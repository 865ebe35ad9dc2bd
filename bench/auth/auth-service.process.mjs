// auth-service as it runs everywhere, only with a namespace of its own in Redis: its own modules, real engines, real HTTP.
import 'reflect-metadata';
import { readEnvironment } from '@gatehouse/environment';
import { RevocationFeed } from '@gatehouse/access-control';
import { startService } from '@gatehouse/service-bootstrap';
import { AppModule } from '../../apps/auth-service/dist/app.module.js';
import { AuthEnvironment, authVariables } from '../../apps/auth-service/dist/auth.environment.js';
import { answer, options } from '../answers.mjs';
import { sessionSteps } from './session-steps.mjs';

const variables = readEnvironment(authVariables, options.env);
const app = await startService({
  ...{ name: 'auth-service', transport: 'auth', path: 'auth' },
  module: AppModule.of(new AuthEnvironment(variables, { namespace: options.namespace })),
  environment: variables,
});
await app.get(RevocationFeed, { strict: false }).whenLoaded();

answer({ residentBytes: () => process.memoryUsage.rss(), ...sessionSteps(app) });
