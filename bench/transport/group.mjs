import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { goalOf } from './goals.mjs';
import { countDoubled, countLost } from './losses.mjs';
import { compare, warmUp } from './rounds.mjs';
import { Side } from './side.mjs';
import { FULL, QUICK } from './sizes.mjs';

const PEER = 'nest-stock-redis';
const TWO = '/2-replicas';

/** `libs/redis-transport` beside Nest's own `Transport.REDIS`: the same handlers, the same payloads, the same Redis. */
export const transport = {
  name: 'transport',
  title: "requests and events between Nest services, beside Nest's own `Transport.REDIS`",
  about: [
    'Payloads of 100 bytes; handlers that answer what they were sent; no guards, no token. `rpc-latency` has one request ' +
      'in flight, `rpc-throughput-64` has 64, `events-per-second` counts from the first emit until the last one was handled.',
    'Both transports, each with one and with two replicas, take turns round by round after a warm-up; a figure is the ' +
      'median of the rounds.',
    '`lost-at-kill`: two replicas killed with -9 in the middle of a burst of 20,000 events, started again after one second; ' +
      'events that nobody ever handled. `handled-twice-at-kill`: how often one of them was handled once more (a handler ' +
      'that was killed before its event was acknowledged).',
    '`handled-twice-per-1000`: two replicas, requests and events, nothing killed.',
    '`/persisting`: Redis with `appendonly yes`, `appendfsync everysec`. `/2-replicas`: two of the service.',
    'CPU is that of client, replicas and Redis together, for each message.',
  ],
  limits: (results) => [
    `Client, replicas and Redis share ${availableParallelism()} cores; a second replica adds a process, not a core. ` +
      'Client and replica run on one core each, so that what is busy with a whole core, or all cores together, is the limit.',
    ...results.filter(({ name }) => name.startsWith('rpc-throughput-64')).map(busyCores),
    'With two replicas the stock transport has each message handled by both, and the caller takes the first answer.',
  ],
  goalOf,
  run,
};

async function run({ quick, home, engines, say, signal }) {
  const sizes = quick ? QUICK : FULL;
  const results = [];
  for (const { suffix, start } of engines.redisVariants()) {
    const server = await start();
    const folder = join(home, `transport${suffix}`);
    mkdirSync(folder, { recursive: true });
    results.push(...(await measure({ url: server.url, suffix, sizes, home: folder, say, signal })));
    await server.stop();
  }
  return results;
}

async function measure({ url, suffix, sizes, home, say, signal }) {
  const namespace = `bench-${randomBytes(6).toString('hex')}`;
  const redis = new Redis(url);
  const common = { options: { url, namespace, limits: sizes.limits }, home, redis, signal };
  const pairOf = (replicas) => [
    new Side({ transport: 'gatehouse', replicas, handledBy: 1, ...common }),
    new Side({ transport: 'stock', replicas, handledBy: replicas, ...common }),
  ];
  const [single, double] = [pairOf(1), pairOf(2)];
  const sides = [...single, ...double];
  try {
    say(`  one and two replicas${suffix}`);
    for (const side of sides) await side.open();
    await warmUp(sides, sizes);
    const compared = await compare(sides, sizes);
    say(`  what is doubled and lost${suffix}`);
    const counted = [...(await countDoubled(double, sizes)), ...(await countLost(double, sizes))];
    return [
      ...compared.map((each) => toResult(each, each.figures.slice(0, 2), suffix)),
      ...compared.map((each) => toResult(each, each.figures.slice(2), TWO + suffix)),
      ...counted.map((each) => toResult(each, each.figures, suffix)),
    ];
  } finally {
    await Promise.all(sides.map((side) => side.close()));
    await removeKeys(redis, namespace);
    redis.disconnect();
  }
}

function toResult({ name, unit, better }, [own, peer], setup) {
  const beside = [{ name: PEER, ...peer }];
  return { group: 'transport', name: name + setup, unit, better, ...own, beside };
}

function busyCores({ name, cores, beside: [peer] }) {
  const busy = ({ client, replicas, redis }) =>
    `client ${client.toFixed(2)}, replicas ${replicas.toFixed(2)}, Redis ${redis.toFixed(2)}`;
  return `Cores busy at \`${name}\`: ${busy(cores)}; with ${PEER}: ${busy(peer.cores)}.`;
}

async function removeKeys(redis, namespace) {
  for await (const keys of redis.scanStream({ match: `${namespace}:*`, count: 500 })) {
    if (keys.length > 0) await redis.unlink(...keys);
  }
}
