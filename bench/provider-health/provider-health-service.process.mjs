// provider-health-service as it runs everywhere, only with a namespace of its own in Redis: its own modules, real engines,
// real HTTP.
import 'reflect-metadata';
import { readEnvironment } from '@gatehouse/environment';
import { startService } from '@gatehouse/service-bootstrap';
import { AppModule } from '../../apps/provider-health-service/dist/app.module.js';
import {
  ProviderHealthEnvironment,
  providerHealthVariables,
} from '../../apps/provider-health-service/dist/provider-health.environment.js';
import { answer, options } from '../answers.mjs';

const variables = readEnvironment(providerHealthVariables, options.env);
await startService({
  ...{ name: 'provider-health-service', transport: 'provider-health', path: 'providers' },
  module: AppModule.of(new ProviderHealthEnvironment(variables, { namespace: options.namespace })),
  environment: variables,
});

answer({});
