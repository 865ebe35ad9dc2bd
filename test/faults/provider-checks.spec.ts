import type { ServerResponse } from 'node:http';
import type { ProviderStatus } from '@gatehouse/provider-health-contracts';
import { Redis } from 'ioredis';
import type { KillablePostgres } from '../../tools/testing/killable-postgres.mjs';
import { eventually, eventuallyHolds } from '../support/eventually.js';
import type { Answer } from '../support/json-call.js';
import { answering, type Upstream } from '../support/upstreams.js';
import { ProviderFleet } from './provider-fleet.js';
import type { ServiceReplica } from './service-replica.js';
import { startPostgres } from './stoppable-postgres.js';

const REPLICAS = 5;
const CHECK = {
  ...{ type: 'http', intervalSeconds: 1, timeoutMs: 1_000, jitter: 0, suppressWhenTraffic: false },
};
/** What every failure and every success shows. */
const POLICY = { degradedAfter: 1, unhealthyAfter: 1_000, healthyAfter: 1, unhealthySeconds: 1 };

describe('checks of providers', () => {
  let postgres: KillablePostgres;
  let fleet: ProviderFleet;
  const upstreams: Upstream[] = [];
  let count = 0;

  beforeAll(async () => {
    postgres = await startPostgres();
    fleet = await ProviderFleet.start(postgres);
    // One at a time: a busy machine may take long for many.
    while (fleet.replicas.length < REPLICAS) await fleet.replica();
  });
  afterEach(() => Promise.all(upstreams.splice(0).map((upstream) => upstream.close())));
  afterAll(() => fleet.stop());

  /** A provider that is checked each second, by requests that `answer` is told of. */
  const checked = async (
    answer: (response: ServerResponse) => void,
    create: (body: object) => Promise<Answer<unknown>> = (body) => fleet.call('POST', '/v1/providers', body),
  ): Promise<string> => {
    const upstream = await answering((_request, response) => answer(response));
    upstreams.push(upstream);
    const name = `checked-${count++}`;
    const baseUrl = `http://127.0.0.1:${upstream.port}`;
    const { status } = await create({ name, kind: 'test', baseUrl, policy: POLICY, healthCheck: CHECK });
    expect(status).toBe(201);
    return name;
  };
  /** One that is checked no more changes nothing. */
  const remove = (name: string) => fleet.call('DELETE', `/v1/providers/${name}`);
  const slotsOf = async (name: string, while_: () => boolean): Promise<Set<string>> => {
    const redis = new Redis(fleet.redis.url);
    const slots = new Set<string>();
    await eventually(
      'the slots',
      async () => {
        const slot = await redis.hget(`gatehouse:{providers}:check:${name}`, 'slot');
        if (slot !== null) slots.add(slot);
        return !while_();
      },
      { everyMs: 20 },
    );
    redis.disconnect();
    return slots;
  };

  it('are made by one of five processes for each slot, and counted once', async () => {
    let asked = 0;
    const name = await checked((response) => {
      asked++;
      response.end();
    });
    const slots = await slotsOf(name, () => asked < 4);
    expect(asked).toBeLessThanOrEqual(slots.size);
    await eventually('they count', async () => (await fleet.statusOf(name)).consecutiveSuccesses >= 4);
    // Another may have been asked meanwhile, but none counted twice.
    expect((await fleet.statusOf(name)).consecutiveSuccesses).toBeLessThanOrEqual(asked);
    await remove(name);
  });

  it('count for nothing when a replica that was paused in the middle of one comes back late', async () => {
    const [late, successor, ...idle] = fleet.replicas as [
      ServiceReplica,
      ServiceReplica,
      ...ServiceReplica[],
    ];
    for (const replica of [successor, ...idle]) replica.pause();
    const held: ServerResponse[] = [];
    let answered = 0;
    let goesOn = false;
    const name = await checked(
      (response) => {
        if (!goesOn) return void held.push(response);
        answered++;
        response.end();
      },
      (body) => late.call('POST', '/v1/providers', { body, token: fleet.token }),
    );
    await eventually('it is in the middle of a check', () => held.length > 0);
    late.pause();
    goesOn = true;
    for (const response of held) response.writeHead(500).end();
    successor.resume();
    await eventually('others check the next slots, which count', async () => {
      const path = `/v1/providers/${name}/status`;
      const { body } = await successor.call<ProviderStatus>('GET', path, { token: fleet.token });
      return body.consecutiveSuccesses >= 2;
    });
    for (const replica of [late, ...idle]) replica.resume();
    const before = answered;
    await eventually('all go on', () => answered > before + 2);
    expect(await fleet.historyOf(name)).toEqual([]);
    expect((await fleet.statisticsOf(name)).failures).toBe(0);
    await remove(name);
  });

  it('rest while Redis is away, say nothing false of providers, and go on when it is back', async () => {
    let asked = 0;
    let fails = false;
    const name = await checked((response) => {
      asked++;
      response.writeHead(fails ? 500 : 200).end();
    });
    await eventually('it is checked', async () => (await fleet.statusOf(name)).consecutiveSuccesses >= 1);
    await fleet.redis.mark();
    await fleet.redis.kill();
    // Of a check that is under way nothing can be counted.
    fails = true;
    for (const replica of fleet.replicas)
      expect((await replica.call('GET', '/health/live')).status).toBe(200);
    const during = asked;
    fails = false;
    await fleet.redis.start();
    await eventually('it is checked again', () => asked > during + 2);
    await eventuallyHolds(async () => {
      for (const { status, consecutiveSuccesses } of await fleet.statusesOf(name)) {
        expect(status).toBe('healthy');
        expect(consecutiveSuccesses).toBeGreaterThan(2);
      }
    });
    expect(await fleet.historyOf(name)).toEqual([]);
    await remove(name);
  });

  it('go on while PostgreSQL is away, and what they found is written down afterwards', async () => {
    let fails = false;
    const name = await checked((response) => void response.writeHead(fails ? 500 : 200).end());
    await eventually('it is checked', async () => (await fleet.statusOf(name)).consecutiveSuccesses >= 1);
    await postgres.stop();
    fails = true;
    await eventually('it is degraded', async () => (await fleet.statusOf(name)).status === 'degraded');
    fails = false;
    await eventually('it is healthy', async () => (await fleet.statusOf(name)).status === 'healthy');
    await postgres.start();
    await eventuallyHolds(async () =>
      expect((await fleet.historyOf(name)).map(({ version, to }) => [version, to])).toEqual([
        ...[
          [1, 'degraded'],
          [2, 'healthy'],
        ],
      ]),
    );
    await remove(name);
  });
});
