import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { loginCall } from '../auth/auth-world.mjs';
import { percentile } from '../statistics.mjs';

const TIMES_CAPACITY = 10;
const LOOK_EVERY_MS = 100;
/** Between two calls of the other route: they watch, they are no load. */
const PAUSE_MS = 10;

/**
 * Ten times as many logins as passwords can be checked. First the other route alone, then beside logins at capacity, then
 * during the flood; and the resident memory of auth-service all along.
 */
export async function flood(world, { quietMs, floodMs }) {
  const [{ accessToken }] = await world.signIn(world.accounts.slice(0, 1));
  const calls = world.accounts.map((email) => loginCall(email));
  const other = await world.start('load', { url: world.url });
  const watch = (ms) =>
    other.ask('callFor', {
      calls: [{ path: '/v1/auth/me', headers: { authorization: `Bearer ${accessToken}` } }],
      ...{ status: 200, inFlight: 1, ms, pauseMs: PAUSE_MS },
    });
  await watch(quietMs / 2);
  const quiet = await watch(quietMs);
  const inFlight = availableParallelism();
  const [capacity, atCapacity, memoryBefore] = await Promise.all([
    world.load.ask('callFor', { calls, status: 200, inFlight, ms: quietMs }),
    watch(quietMs),
    watchMemory(world.service, quietMs),
  ]);
  const perSecond = capacity.perSecond * TIMES_CAPACITY;
  const [flooded, during, memory] = await Promise.all([
    world.load.ask('flood', { calls, perSecond, ms: floodMs }),
    watch(floodMs),
    watchMemory(world.service, floodMs),
  ]);
  await other.end();
  return resultsOf({ flooded, capacity, quiet, atCapacity, during, memory, memoryBefore });
}

/** How late whoever calls the other route was itself, for people. */
export function describeWatcher({ name, lateMs, beside }) {
  const [quiet, atCapacity] = beside.map((each) => each.lateMs.toFixed(1));
  return (
    `\`${name}\`: the process that calls the other route had to wait for a core itself: 99 % of the time no longer than ` +
    `${quiet} ms when it was quiet, ${atCapacity} ms at capacity and ${lateMs.toFixed(1)} ms during the flood. The figures contain that.`
  );
}

function resultsOf({ flooded, capacity, quiet, atCapacity, during, memory, memoryBefore }) {
  const { answers, ms: took } = flooded;
  const timesOf = (status) => sorted(answers.filter((each) => each.status === status).map(({ ms }) => ms));
  const [refused, accepted] = [timesOf(503), timesOf(200)];
  const others = answers.length - refused.length - accepted.length;
  if (others > 0) throw new Error(`${others} logins of the flood were answered neither 200 nor 503`);
  const common = { group: 'login', better: 'lower' };
  return [
    {
      ...{ ...common, name: 'flood-other-route-p99', unit: 'ms', value: during.p99, ...latencies(during) },
      beside: [
        { name: 'quiet', value: quiet.p99, ...latencies(quiet) },
        { name: 'at-capacity', value: atCapacity.p99, ...latencies(atCapacity) },
      ],
    },
    {
      ...{ ...common, name: 'flood-memory', unit: 'MiB', value: memory.most },
      beside: [{ name: 'at-capacity', value: memoryBefore.most }],
    },
    {
      ...{ ...common, name: 'flood-refusal-p99', unit: 'ms', value: at(refused, 0.99) },
      ...{ p50: at(refused, 0.5), p99: at(refused, 0.99), messages: refused.length, beside: [] },
    },
    {
      ...{ ...common, name: 'flood-logins-per-second', unit: 'logins/s', better: 'higher' },
      value: accepted.length / (took / 1000),
      ...{ p50: at(accepted, 0.5), p99: at(accepted, 0.99), messages: accepted.length },
      beside: [{ name: 'at-capacity', value: capacity.perSecond, ...latencies(capacity) }],
    },
  ];
}

/** Resident memory, looked at for so long: `{ most }`, MiB. */
async function watchMemory(service, ms) {
  let most = 0;
  for (const until = Date.now() + ms; Date.now() < until; await sleep(LOOK_EVERY_MS)) {
    most = Math.max(most, await service.ask('residentBytes'));
  }
  return { most: most / 2 ** 20 };
}

const latencies = ({ p50, p99, messages, lateMs }) => ({ p50, p99, messages, lateMs });
const sorted = (values) => values.sort((a, b) => a - b);
/** 0 when there was none. */
const at = (values, of) => (values.length === 0 ? 0 : percentile(values, of));
