import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { readTrail, type TrailEvent } from '../support/audit-trail.js';
import { eventually } from '../support/eventually.js';
import { startSuite, type Suite, type SuiteState, SUITE_TIMEOUT_MS } from '../support/suite.js';

const SIGN_INS = 120;
const AT_ONCE = 4;
/** All come from one address, and an attempt that a kill cuts off stays counted. */
const NO_LIMITS = {
  LOGIN_LIMIT_PER_ADDRESS: '100000/60',
  LOGIN_LIMIT_PER_ACCOUNT: '1000/900',
  LOGIN_LIMIT_PER_ADDRESS_AND_ACCOUNT: '1000/300',
};

interface Login {
  readonly accessToken: string;
  readonly sessionId: string;
}

/** Kills one replica of a service after another while sign-ins and transitions flow, and compares the ledgers. */
describe('kill -9 while events flow', () => {
  let suite: Suite;
  const account = { email: 'flow@example.test', password: 'a long enough phrase' };

  beforeAll(async () => {
    // Its Redis is killed too: not one that others use.
    suite = await startSuite({ replicas: 2, engines: 'own', env: NO_LIMITS });
    await suite.call('POST', '/v1/auth/register', { body: account });
  }, SUITE_TIMEOUT_MS);

  afterAll(() => suite.stop(), SUITE_TIMEOUT_MS);

  /** Signs in again and again; gives the sessions whose sign-in was acknowledged. */
  async function signIns(): Promise<string[]> {
    const acknowledged: string[] = [];
    const worker = async () => {
      while (acknowledged.length < SIGN_INS) {
        // A connection that broke tells nothing: only what was acknowledged is owed.
        const answer = await suite
          .call<Login>('POST', '/v1/auth/login', { body: account })
          .catch(() => undefined);
        if (answer?.status === 200) acknowledged.push(answer.body.sessionId);
        else await sleep(50);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
    return acknowledged;
  }

  /** Adds providers and fails each to unhealthy; gives those for which all was acknowledged. */
  async function transitions(token: string): Promise<string[]> {
    const down: string[] = [];
    for (let index = 0; index < 20; index++) {
      const name = `flow-${index}`;
      const body = { name, kind: 'openai', baseUrl: 'https://api.example.test' };
      await eventually(`${name} is there`, async () => {
        const added = await suite.call('POST', '/v1/providers', { body, token });
        return added.status === 201 || added.status === 409;
      });
      await eventually(`${name} is unhealthy`, async () => {
        const answer = await suite.call('POST', `/v1/providers/${name}/failures`, {
          body: { class: 'server' },
          token,
        });
        return answer.status === 200 && answer.body['status'] === 'unhealthy';
      });
      down.push(name);
    }
    return down;
  }

  async function killOneOfEach(): Promise<void> {
    for (const service of ['audit', 'auth', 'providerHealth', 'audit'] as const) {
      await sleep(400);
      const [victim] = suite.state.pids[service] as [number];
      suite.kill(victim);
      await suite.whenReady((state: SuiteState) => !state.pids[service].includes(victim));
    }
  }

  async function killRedis(): Promise<void> {
    const redis = new Redis(suite.state.redis.url);
    const pid = /^process_id:(\d+)/m.exec(await redis.info('server'))?.[1];
    redis.disconnect();
    suite.kill(Number(pid));
  }

  it(
    'every acknowledged sign-in and every transition is in the trail, once',
    async () => {
      const token = await suite.adminToken();
      const [sessions, providers] = await Promise.all([signIns(), transitions(token), killOneOfEach()]);
      const expected = new Set(sessions);
      const trail = await eventually(
        'all of it has arrived',
        async () => {
          const events = await readTrail(suite, token);
          const arrived = new Set(loginsOf(events));
          return (
            changesOf(events).length >= 2 * providers.length &&
            sessions.every((id) => arrived.has(id)) &&
            events
          );
        },
        { withinMs: 60_000, everyMs: 500 },
      );

      const arrived = loginsOf(trail).filter((id) => expected.has(id));
      expect(arrived.sort()).toEqual([...sessions].sort());
      expect(changesOf(trail).sort()).toEqual(providers.flatMap((name) => [`${name} 1`, `${name} 2`]).sort());
      expect(trail.map(({ seq }) => seq)).toEqual(trail.map((_event, index) => index));
      expect(new Set(trail.map(({ id }) => id)).size).toBe(trail.length);
      for (const producer of ['auth-service', 'provider-health-service']) {
        const numbers = trail
          .filter((event) => event.producer === producer)
          .map(({ producerSeq }) => producerSeq);
        expect(numbers.sort((a = 0, b = 0) => a - b)).toEqual(numbers.map((_number, index) => index));
      }
    },
    SUITE_TIMEOUT_MS,
  );

  it(
    'of Redis loses no acknowledged sign-in: it waits in PostgreSQL until the trail has it',
    async () => {
      const killing = (async () => {
        for (let times = 0; times < 3; times++) {
          await sleep(500);
          await killRedis();
          await eventually('a sign-in', () => suite.adminToken());
        }
      })();
      const [sessions] = await Promise.all([signIns(), killing]);
      await suite.whenReady();
      const token = await suite.adminToken();
      const arrived = await eventually(
        'all of them have arrived',
        async () => {
          const logins = loginsOf(await readTrail(suite, token));
          return sessions.every((id) => logins.includes(id)) && logins;
        },
        { withinMs: 60_000, everyMs: 500 },
      );
      const expected = new Set(sessions);
      expect(arrived.filter((id) => expected.has(id)).sort()).toEqual([...sessions].sort());
    },
    SUITE_TIMEOUT_MS,
  );
});

const loginsOf = (events: readonly TrailEvent[]): string[] =>
  events
    .filter(({ action, outcome }) => action === 'auth.login' && outcome === 'success')
    .map(({ context }) => context.sessionId ?? '');

const changesOf = (events: readonly TrailEvent[]): string[] =>
  events
    .filter(({ action }) => action === 'provider.status-changed')
    .map(({ target, details }) => `${target?.id} ${String(details?.['version'])}`);
