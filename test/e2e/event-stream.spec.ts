import { setTimeout as sleep } from 'node:timers/promises';
import { EventReader, type ToldEvent } from '../support/event-reader.js';
import { eventually } from '../support/eventually.js';
import { Nginx } from '../support/nginx.js';
import { startSuite, type Suite, type SuiteState, SUITE_TIMEOUT_MS } from '../support/suite.js';
import { freePortBlock } from '../support/test-ports.js';

const EVENTS = '/v1/providers/events';
const KILLS = 3;

/** Readers of changes of status, through both gateways, while the replica that serves them is killed. */
describe('GET /v1/providers/events through a gateway', () => {
  let suite: Suite;
  let nginx: Nginx;
  let token: string;
  const readers: EventReader[] = [];
  let count = 0;

  const read = (origin: string, lastEventId?: string, as = token) => {
    const reader = new EventReader(`${origin}${EVENTS}`, as, lastEventId);
    readers.push(reader);
    return reader;
  };
  const aProvider = async () => {
    const body = { name: `seen-${++count}`, kind: 'openai', baseUrl: 'https://api.example.test' };
    expect((await suite.call('POST', '/v1/providers', { body, token })).status).toBe(201);
    return body.name;
  };
  /** Makes it another; again until it is answered, since the replica may have been killed. */
  const mark = (name: string, status: 'healthy' | 'degraded') =>
    eventually(`${name} is ${status}`, async () => {
      const answer = await suite
        .call('POST', `/v1/providers/${name}/marks`, { body: { status }, token })
        .catch(() => undefined);
      return answer?.status === 200;
    });
  const changesOf = (told: readonly ToldEvent[], name: string) =>
    told.filter(({ event, data }) => event === 'status-changed' && data.provider === name);

  beforeAll(async () => {
    suite = await startSuite({ replicas: 'provider-health=2' });
    const { services } = suite.state;
    nginx = await Nginx.start({
      port: await freePortBlock(1),
      upstreams: {
        gatehouse_auth: services.auth[0] ?? '',
        gatehouse_provider_health: services.providerHealth[0] ?? '',
        gatehouse_audit: services.audit[0] ?? '',
        projects_service: services.audit[0] ?? '',
      },
    });
    token = await suite.adminToken();
  }, SUITE_TIMEOUT_MS);

  afterAll(async () => {
    for (const reader of readers) reader.leave();
    await nginx?.stop();
    await suite?.stop();
  }, SUITE_TIMEOUT_MS);

  it.each(['the development gateway', 'nginx'])(
    'tells each change as it comes through %s, and goes on after it',
    async (which) => {
      const origin = which === 'nginx' ? nginx.origin : suite.gateway;
      const name = await aProvider();
      const reader = read(origin);
      await eventually('it has begun', () => reader.told[0]?.event === 'ready');
      expect(reader.headers?.get('content-type')).toBe('text/event-stream');
      for (const [index, status] of (['degraded', 'healthy', 'degraded'] as const).entries()) {
        await mark(name, status);
        // While the stream goes on: nobody keeps it until there is more.
        await eventually('it has come', () => changesOf(reader.told, name).length === index + 1);
        expect(changesOf(reader.told, name).at(-1)?.data).toMatchObject({ to: status, version: index + 1 });
      }
      expect(reader.ended).toBe(false);
      const again = read(origin, changesOf(reader.told, name)[0]?.id);
      await eventually('the rest has come', () => changesOf(again.told, name).length === 2);
      expect(again.told[0]?.event).toBe('resumed');
    },
    60_000,
  );

  it('ends through both when the session of its reader ends', async () => {
    const { email, password } = suite.admin;
    const login = await suite.call<{ accessToken: string }>('POST', '/v1/auth/login', {
      body: { email, password },
    });
    const { accessToken } = login.body;
    const both = [read(suite.gateway, undefined, accessToken), read(nginx.origin, undefined, accessToken)];
    const stays = read(nginx.origin);
    for (const reader of [...both, stays])
      await eventually('it has begun', () => reader.told[0]?.event === 'ready');
    expect((await suite.call('POST', '/v1/auth/logout', { token: accessToken })).status).toBeLessThan(300);
    for (const reader of both) await eventually('it has ended', () => reader.ended);
    expect(stays.ended).toBe(false);
  }, 60_000);

  it('loses and doubles nothing for readers that come again while replicas are killed', async () => {
    const names = [await aProvider(), await aProvider()];
    const first = read(suite.gateway);
    await eventually('it has begun', () => first.told[0]?.event === 'ready');
    const { id: start = '' } = first.told[0] ?? {};
    let writing = true;
    let written = 0;
    const write = async (name: string) => {
      for (let turn = 0; writing; turn++) {
        await mark(name, turn % 2 === 0 ? 'degraded' : 'healthy');
        written++;
      }
    };
    /** As a browser does: comes again with the last id that it has seen, whenever the stream ends. */
    const follow = async (isDone: (told: ToldEvent[]) => Promise<boolean>) => {
      const told: ToldEvent[] = [];
      let broken = -1;
      while (!(await isDone(told))) {
        const reader = read(suite.gateway, told.at(-1)?.id ?? start);
        broken++;
        const before = told.length;
        await eventually(
          'it has ended, or has all',
          async () => {
            told.splice(before, Infinity, ...reader.told.filter(({ event }) => event === 'status-changed'));
            return reader.ended || (await isDone(told));
          },
          { withinMs: 120_000 },
        );
        expect(reader.told[0]?.event ?? 'resumed').toBe('resumed');
        reader.leave();
        // Nobody serves for a moment.
        if (reader.status === undefined || reader.status >= 500) await sleep(100);
      }
      return { told, broken };
    };
    const last = new Map<string, number>();
    const isDone = async (told: ToldEvent[]) =>
      last.size === names.length &&
      names.every((name) => changesOf(told, name).at(-1)?.data.version === last.get(name));
    const following = [follow(isDone), follow(isDone), follow(isDone)];
    const writers = names.map(write);
    for (let kill = 0; kill < KILLS; kill++) {
      const enough = written + 10;
      await eventually('more is written', () => written >= enough, { withinMs: 60_000 });
      const victim = suite.state.pids.providerHealth[kill % 2] as number;
      suite.kill(victim);
      await suite.whenReady((state: SuiteState) => !state.pids.providerHealth.includes(victim));
    }
    writing = false;
    await Promise.all(writers);
    for (const name of names) {
      const { body } = await suite.call<{ version: number }>('GET', `/v1/providers/${name}/status`, {
        token,
      });
      last.set(name, body.version);
    }
    const followed = await Promise.all(following);
    expect(followed.reduce((sum, { broken }) => sum + broken, 0)).toBeGreaterThan(0);
    for (const { told } of followed) {
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
      for (const name of names) {
        const versions = changesOf(told, name).map(({ data }) => data.version);
        expect(versions).toEqual(Array.from({ length: last.get(name) ?? 0 }, (_, index) => index + 1));
      }
      expect(told.map(({ id }) => id)).toEqual(followed[0]?.told.map(({ id }) => id));
    }
  }, 240_000);
});
