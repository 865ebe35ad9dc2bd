// Redis of several servers, which the environment names: sentinels, or nodes of a cluster. It is never started here.
import { Refusal } from '../refusal.mjs';
import { given } from './given.mjs';
import { pingRedis } from './redis-ping.mjs';

/** `{ variable, name, urls }`, or undefined. Sentinels have a password of their own. */
export function givenRedisGroup(env) {
  const named = ['REDIS_SENTINELS', 'REDIS_CLUSTER_NODES'].filter((variable) => given(env, variable));
  const [variable] = named;
  if (variable === undefined) return undefined;
  if (named.length > 1 || given(env, 'REDIS_URL') || env.REDIS_HOST)
    throw new Refusal(
      `${variable}: set only one of REDIS_URL (or REDIS_HOST), REDIS_SENTINELS and REDIS_CLUSTER_NODES.`,
    );
  const addresses = given(env, variable)
    .split(',')
    .map((address) => address.trim());
  const ofSentinels = variable === 'REDIS_SENTINELS';
  const password = given(env, ofSentinels ? 'REDIS_SENTINEL_PASSWORD' : 'REDIS_PASSWORD') ?? '';
  const user = ofSentinels ? '' : (env.REDIS_USERNAME ?? '');
  const login = password && `${encodeURIComponent(user)}:${encodeURIComponent(password)}@`;
  const scheme = env.REDIS_TLS === 'true' ? 'rediss' : 'redis';
  return {
    variable,
    name: `${ofSentinels ? 'the master that is named by' : 'the cluster of'} ${addresses.join(', ')}`,
    urls: addresses.map((address) => `${scheme}://${login}${address}`),
  };
}

/** One of them answers, or it is an error. */
export async function demandRedisGroup({ variable, name, urls }) {
  try {
    await Promise.any(urls.map((url) => pingRedis(url)));
  } catch (error) {
    const reasons = [...new Set(error.errors.map(({ message }) => message))].join('; ');
    throw new Refusal(
      `The Redis that was given, ${name}, does not answer: ${reasons}.\n` +
        `Start it, or leave ${variable} out to have one started for you.`,
    );
  }
}
