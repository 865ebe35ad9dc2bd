import { fileURLToPath } from 'node:url';
import { MeasuredProcess } from '../measured-process.mjs';
import { figureOf, withCpu } from './figures.mjs';

const ASKING = fileURLToPath(new URL('asking.process.mjs', import.meta.url));
const IN_FLIGHT = [1, 64];

/** auth-service verifies tokens, each with its session looked up, for a service that asks it over the transport. */
export async function measureMessages(world, { rounds, warmUpMs, roundMs, signal }) {
  const tokens = (await world.signIn(world.accounts)).map(({ accessToken }) => accessToken);
  const token = await world.service.ask('issueServiceToken', { permissions: ['auth:introspect'] });
  const options = { url: world.redisServer.url, namespace: world.namespace, token };
  const asking = await MeasuredProcess.start(ASKING, options, { signal });
  const results = [];
  for (const inFlight of IN_FLIGHT) {
    const verifyFor = (ms) => asking.ask('verifyFor', { tokens, inFlight, ms });
    await verifyFor(warmUpMs);
    const taken = [];
    for (let round = 0; round < rounds; round++) {
      taken.push(await withCpu(world.service, () => verifyFor(roundMs)));
    }
    const name = `message-verify-token/${inFlight}`;
    const common = { group: 'tokens', name, unit: 'calls/s', better: 'higher' };
    results.push({ ...common, ...figureOf(taken), beside: [] });
  }
  await asking.end();
  return results;
}
