import { figureOf, withCpu } from '../tokens/figures.mjs';

/** The source design's own bounds, over HTTP with one request under way: milliseconds at the median. */
export async function measureRoutes(world, names, { rounds, warmUpMs, roundMs }) {
  const { headers } = world;
  const [primary, ...fallbacks] = names;
  const routes = {
    'rest-status': { status: 200, call: { path: `/v1/providers/${primary}/status`, headers } },
    'rest-failure': {
      status: 200,
      call: {
        ...{ method: 'POST', path: `/v1/providers/${primary}/failures`, headers },
        body: { class: 'server', message: 'upstream answered 500' },
      },
    },
    'rest-fallback-chain': {
      status: 200,
      call: {
        path: `/v1/providers/fallback-chain?primary=${primary}&fallbacks=${fallbacks.join()}`,
        headers,
      },
    },
    'bare-health': { status: 200, call: { path: '/health/live' } },
  };
  const sides = Object.entries(routes).map(([name, { status, call }]) => {
    const callFor = (ms) => world.load.ask('callFor', { calls: [call], status, inFlight: 1, ms });
    return { name, callFor, taken: [] };
  });
  for (const { callFor } of sides) await callFor(warmUpMs);
  for (let round = 0; round < rounds; round++)
    for (const { callFor, taken } of sides) taken.push(await withCpu(world.service, () => callFor(roundMs)));
  const figures = sides.map(({ name, taken }) => {
    const { p50, ...figure } = figureOf(taken);
    return { name, ...figure, value: p50, p50 };
  });
  const bare = figures.pop();
  const about = { group: 'provider-health', unit: 'ms', better: 'lower' };
  return figures.map((figure) => ({ ...about, ...figure, beside: [bare] }));
}
