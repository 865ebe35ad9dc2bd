import { availableParallelism } from 'node:os';
import { goalOf } from './goals.mjs';
import { ProviderWorld } from './provider-world.mjs';
import { measureRoutes } from './rest-routes.mjs';
import { FULL, QUICK } from './sizes.mjs';

/** What it costs to ask whom to call and to say how it went, and how soon the fleet knows. */
export const providerHealth = {
  name: 'provider-health',
  title: 'the health of providers, beside circuit breakers',
  about: [
    '`rest-…`: the routes over HTTP with one request under way, milliseconds at the median; beside them `GET /health/live`, ' +
      'which asks nobody.',
  ],
  limits: () => [`The callers share ${availableParallelism()} cores with the services and their engines.`],
  goalOf,
  run,
};

async function run({ quick, engines, say, signal }) {
  const sizes = quick ? QUICK : FULL;
  return ProviderWorld.use({ engines, signal }, async (world) => {
    say('  over HTTP');
    return await measureRoutes(world, sizes);
  });
}
