import { figureOf, withCpu } from '../tokens/figures.mjs';

const ROUTES = {
  'verify-route': '/v1/auth/verify?permission=providers:read',
  'GET /v1/auth/me': '/v1/auth/me',
};

/** What a gateway asks for each request that comes to it: how often a second, beside a route that answers a body. */
export async function measureVerifyRoute(world, { clients, rounds, warmUpMs, roundMs }) {
  const signedIn = await world.signIn(world.accounts);
  const sides = Object.entries(ROUTES).map(([name, path]) => {
    const calls = signedIn.map(({ accessToken }) => ({
      ...{ path, headers: { authorization: `Bearer ${accessToken}` } },
    }));
    const callFor = (ms) => world.load.ask('callFor', { calls, status: 200, inFlight: clients, ms });
    return { name, callFor, taken: [] };
  });
  for (const { callFor } of sides) await callFor(warmUpMs);
  for (let round = 0; round < rounds; round++)
    for (const { callFor, taken } of sides) taken.push(await withCpu(world.service, () => callFor(roundMs)));
  const [own, ...beside] = sides.map(({ name, taken }) => ({ name, ...figureOf(taken) }));
  const about = { group: 'checks', unit: 'calls/s', better: 'higher' };
  return [{ ...about, ...own, name: 'verify-route-per-second', beside }];
}
