import { availableParallelism } from 'node:os';
import {
  compareExecution,
  compareFleetOutcomes,
  compareRecording,
  measureConvergence,
  measureReadings,
} from './client-figures.mjs';
import { goalOf } from './goals.mjs';
import { ProviderWorld } from './provider-world.mjs';
import { measureRoutes } from './rest-routes.mjs';
import { FULL, QUICK } from './sizes.mjs';

const NAMES = ['first', 'second', 'third'];

/** What it costs to ask whom to call and to say how it went, and how soon the fleet knows. */
export const providerHealth = {
  name: 'provider-health',
  title: 'the health of providers, beside circuit breakers',
  about: [
    '`fallback-chain-read`, `is-available-read`: `getFallbackChain` of three providers and `isProviderAvailable` of `libs/provider-client`, ' +
      'in the process.',
    '`record-outcome`: what it costs the caller to say how a call went, with so many calls in the window before; Gatehouse queues it ' +
      'for the fleet and counts nothing in the process. `opossum` and `cockatiel` count in the process alone; their figure holds the ' +
      'call of a function that does nothing, which `execute/nothing` has as `bare`.',
    '`execute`: a call by `execute` beside the bare call: of a function that does nothing, and `fetch` to another process.',
    '`fleet-outcomes-per-second`: reported by one process and acknowledged, each counted once; `bare-evalsha-each` is one script ' +
      'on Redis for each, which counts it once by its id, with 64 under way. CPU is that of provider-health-service.',
    '`fleet-convergence-p99`: from the fifth failure that one process records until the last of the others, each looking once a ' +
      'millisecond, knows that the provider is unavailable.',
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
    const failing = Array.from({ length: sizes.lags }, (_, n) => `failing-${n}`);
    await world.addProviders([...NAMES, ...failing]);
    const upstream = await (await world.start('upstream', {})).ask('url');
    const start = () => world.start('client', { ...world.transport, names: NAMES, upstream });
    const clients = await Promise.all(Array.from({ length: sizes.clients }, start));
    const [client] = clients;
    const breakers = await world.start('breakers', {});
    say('  how soon the fleet knows');
    const convergence = await measureConvergence(clients, failing);
    await Promise.all(clients.slice(1).map((each) => each.end()));
    say('  in the process');
    const readings = await measureReadings(client, sizes);
    const execution = await compareExecution(client, breakers, sizes);
    const recording = await compareRecording(client, breakers, sizes);
    say('  outcomes of the fleet');
    const bare = await world.start('evalsha', world.transport);
    const outcomes = await compareFleetOutcomes(world, client, bare, sizes);
    say('  over HTTP');
    const routes = await measureRoutes(world, NAMES, sizes);
    return [...readings, ...recording, ...execution, outcomes, convergence, ...routes];
  });
}
