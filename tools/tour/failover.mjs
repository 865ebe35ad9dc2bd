import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ServiceTokens } from '@gatehouse/access-control';
import { readEnvironment, redisSettings, redisVariables } from '@gatehouse/environment';
import { AllProvidersFailedError, openProviderClient } from '@gatehouse/provider-client';
import { z } from 'zod';

const UPSTREAMS = fileURLToPath(new URL('upstreams.process.mjs', import.meta.url));
/** The ways in which a provider fails so that the next one is asked. */
const FAILURES = ['server', 'timeout', 'network', 'overload', 'rate-limited', 'auth', 'quota'];
const TRY_TIMEOUT_MS = 500;

/** A service calls providers that fail in each way, by `execute` of libs/provider-client. */
export async function tourOfFailover(guide, { suite, admin, run }) {
  const upstreams = fork(UPSTREAMS);
  try {
    const [origin] = await once(upstreams, 'message');
    const nameOf = (way) => `${way}-${run}`;
    guide.step('More providers, in a process of its own: one serves, the others fail, each in another way.');
    for (const way of [...FAILURES, 'client', 'cut', 'serves']) {
      const provider = { name: nameOf(way), kind: 'tour', baseUrl: `${origin}/${way}` };
      await guide.post('/v1/providers', provider, { token: admin, expect: 201 });
    }
    const client = await openClient(guide, { suite, admin, run });
    try {
      await failOver(guide, client, nameOf);
      await leaveOut(guide, client, nameOf, admin);
    } finally {
      await client.close();
    }
  } finally {
    upstreams.kill();
  }
}

async function openClient(guide, { suite, admin, run }) {
  guide.step('A service that calls them: it has an account, and knows the providers by itself from here on.');
  const permissions = ['providers:read', 'providers:report'];
  const { clientId, clientSecret } = await guide.post(
    '/v1/auth/service-accounts',
    { name: `writer-${run}`, permissions },
    { token: admin, expect: 201 },
  );
  const tokens = new ServiceTokens({ tokenUrl: `${suite.gateway}/v1/auth/token`, clientId, clientSecret });
  const source = suite.redis.url === undefined ? process.env : { REDIS_URL: suite.redis.url };
  const redis = redisSettings(readEnvironment(z.object(redisVariables), source));
  const { client, close } = await openProviderClient({ redis, identity: () => tokens.token() });
  await client.whenReady();
  return Object.assign(client, { close });
}

async function failOver(guide, client, nameOf) {
  for (const way of FAILURES) {
    guide.step(`execute([${way}, serves]): the first fails, the next serves.`);
    const chain = [nameOf(way), nameOf('serves')];
    const { provider, attempts } = await client.execute(chain, call, { tryTimeoutMs: TRY_TIMEOUT_MS });
    guide.show({ provider, attempts });
    guide.equal('provider', provider, nameOf('serves'));
    guide.equal('the class of the failure', attempts[0].outcome, way);
  }

  guide.step('A request that is wrong would be wrong elsewhere too: nobody else is asked.');
  const wrong = client.execute([nameOf('client'), nameOf('serves')], async (context) => {
    const { status } = await fetch(context.provider.baseUrl, { signal: context.signal });
    throw Object.assign(new Error('refused'), { status });
  });
  guide.equal('the error', await wrong.catch(({ status }) => status), 400);

  guide.step('A stream that breaks off after its beginning was handed on is said to be cut, and counts.');
  const { value: chunks } = await client.executeStream([nameOf('cut')], ({ provider, signal }) =>
    fetch(provider.baseUrl, { signal }),
  );
  const error = await drain(chunks);
  guide.show({ error: error?.name, message: error?.message });
  guide.equal('the error', error?.type, 'stream-cut');

  guide.step('When nobody serves, the error tells of each why.');
  const failed = await client
    .execute([nameOf('server'), nameOf('rate-limited')], call)
    .catch((reason) => reason);
  guide.equal('the error', failed instanceof AllProvidersFailedError, true);
  guide.show({ attempts: failed.attempts, excluded: failed.excluded });
}

/** After three failures in a row a provider comes last in each chain, after five it is not asked any more, by anybody. */
async function leaveOut(guide, client, nameOf, admin) {
  const [failing, serving] = [nameOf('overload'), nameOf('serves')];
  guide.step(
    'Three failures in a row, of whichever process: a chain has it last, behind those that are healthy.',
  );
  await callUntil(client, failing, () => client.isProviderHealthy(failing).status === 'degraded');
  const chain = client.getFallbackChain({ primary: failing, fallbacks: [serving] });
  guide.show(chain);
  guide.equal('the first', chain.chain[0].name, serving);

  guide.step('Five: nobody asks it any more.');
  await callUntil(client, failing, () => !client.isProviderAvailable(failing).available);
  const failed = await client.execute([failing], call).catch((reason) => reason);
  guide.show({ attempts: failed.attempts, excluded: failed.excluded });
  guide.equal('excluded', failed.excluded, [{ name: failing, reason: 'timeout' }]);
  const status = await guide.get(`/v1/providers/${failing}/status`, { token: admin, expect: 200 });
  guide.equal('status', status.status, 'unhealthy');
}

/** Calls a provider that fails, each time after the fleet has heard of the last, until something is so. */
async function callUntil(client, name, isSo) {
  for (let calls = 0; calls < 10 && !isSo(); calls++) {
    await client.execute([name], call).catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function call({ provider, signal }) {
  const response = await fetch(provider.baseUrl, { signal });
  return response.ok ? await response.json() : response;
}

async function drain(chunks) {
  try {
    while (!(await chunks.next()).done);
    return undefined;
  } catch (error) {
    return error;
  }
}
