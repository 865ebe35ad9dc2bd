import fc from 'fast-check';
import { Door } from '../../../../test/support/door.js';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisUrl } from '../../../../test/support/redis.js';
import { type Answer, AuthApi, AuthWorld, claimsOf, PASSWORD } from './auth-world.js';

const RUNS = 25;
const CLIENTS = 3;
const ADMIN = 'root@example.test';

/** What several clients of one account do at the same time, and what breaks meanwhile. */
type Action =
  | { do: 'refresh' | 'refresh-twice' | 'steal' | 'logout'; client: number; replica: 0 | 1 }
  | { do: 'logout-all'; client: number; replica: 0 | 1; exceptCurrent: boolean }
  | { do: 'password'; client: number; replica: 0 | 1 }
  | { do: 'disable'; replica: 0 | 1 }
  /** The first replica loses its connections to an engine in the middle of whatever it does. */
  | { do: 'cut'; engine: 'redis' | 'database' };

/** A client that keeps to the rules: it has the newest tokens that it was given, and shows no other. */
class Client {
  accessToken = '';
  refreshToken = '';
  sessionId = '';
  /** Every token that was ever given out for the session. */
  readonly given: { access: string; refresh: string }[] = [];
  /** An end was acknowledged, to whomever. */
  ended = false;
  /** It was asked to end, and the answer was lost. */
  doubtful = false;

  take(body: Record<string, string>): void {
    const [access = '', refresh = '', sessionId = ''] = [
      body['accessToken'],
      body['refreshToken'],
      body['sessionId'],
    ];
    Object.assign(this, { accessToken: access, refreshToken: refresh, sessionId });
    this.given.push({ access, refresh });
  }

  /** A token that was followed by at least two others: somebody copied it long ago. */
  get stolen(): string | undefined {
    const counters = this.given.map(
      ({ refresh }) => [Number(claimsOf(refresh)['counter']), refresh] as const,
    );
    const newest = Math.max(...counters.map(([counter]) => counter));
    return counters.find(([counter]) => counter <= newest - 2)?.[1];
  }
}

const anAction: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 60,
    arbitrary: fc.record({
      do: fc.constantFrom('refresh' as const, 'refresh-twice' as const),
      client: fc.nat(CLIENTS - 1),
      replica: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  {
    weight: 20,
    arbitrary: fc.record({
      do: fc.constantFrom('logout' as const, 'steal' as const),
      client: fc.nat(CLIENTS - 1),
      replica: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('logout-all' as const),
      client: fc.nat(CLIENTS - 1),
      replica: fc.constantFrom(0 as const, 1 as const),
      exceptCurrent: fc.boolean(),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('password' as const),
      client: fc.nat(CLIENTS - 1),
      replica: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('disable' as const),
      replica: fc.constantFrom(0 as const, 1 as const),
    }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('cut' as const),
      engine: fc.constantFrom('redis' as const, 'database' as const),
    }),
  },
);

/** Rounds of actions that run at the same time. */
const aHistory = fc.array(fc.array(anAction, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });

describe('the tokens of a session, whatever its clients do and whatever breaks', () => {
  const world = new AuthWorld();
  const doors = { redis: new Door(new URL(testRedisUrl())), database: undefined as unknown as Door };
  let replicas: [AuthApi, AuthApi];

  beforeAll(async () => {
    await world.createDatabase();
    doors.database = new Door(new URL(world.database.url));
    await doors.redis.open();
    await doors.database.open();
    const fragile = await world.start({ REDIS_URL: doors.redis.url, AUTH_DATABASE_URL: doors.database.url });
    const solid = await world.start({ BOOTSTRAP_ADMIN_EMAIL: ADMIN, BOOTSTRAP_ADMIN_PASSWORD: PASSWORD });
    replicas = [new AuthApi(fragile), new AuthApi(solid)];
    await eventually('the admin is there', async () => (await adminToken()) !== '');
  }, 60_000);

  afterAll(async () => {
    await world.stop();
    await doors.redis.close();
    await doors.database.close();
  }, 60_000);

  const adminToken = async () => (await replicas[1].login(ADMIN)).body['accessToken'] ?? '';
  const isUnknown = ({ status }: Answer) => status >= 500;

  async function act(action: Action, clients: readonly Client[]): Promise<void> {
    if (action.do === 'cut') {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      return doors[action.engine].cut();
    }
    const api = replicas[action.replica];
    if (action.do === 'disable') {
      const body = { status: 'disabled' };
      const url = `/v1/auth/users/${String(claimsOf(clients[0]?.accessToken)['sub'])}`;
      const answer = await api.call('PATCH', url, { token: await adminToken(), body });
      for (const client of clients) noteEnd(client, answer);
      return;
    }
    const client = clients[action.client];
    if (client === undefined) return;
    switch (action.do) {
      case 'refresh':
        return refresh(client, [await api.refresh(client.refreshToken)]);
      case 'refresh-twice':
        return refresh(
          client,
          await Promise.all(replicas.map((replica) => replica.refresh(client.refreshToken))),
        );
      case 'steal':
        return steal(client, api);
      case 'logout':
        return end(
          client,
          [client],
          await api.call('POST', '/v1/auth/logout', { token: client.accessToken }),
        );
      case 'password': {
        const body = { currentPassword: PASSWORD, newPassword: `another phrase ${Math.random()}` };
        const answer = await api.call('POST', '/v1/auth/password', { token: client.accessToken, body });
        const others = clients.filter((other) => other !== client);
        return end(client, others, answer);
      }
      case 'logout-all': {
        const { exceptCurrent } = action;
        const options = { token: client.accessToken, body: { exceptCurrent } };
        const others = exceptCurrent ? clients.filter((other) => other !== client) : clients;
        return end(client, others, await api.call('POST', '/v1/auth/logout-all', options));
      }
    }
  }

  function refresh(client: Client, answers: readonly Answer[]): void {
    for (const { status, body } of answers) if (status === 200) client.take(body);
  }

  async function steal(client: Client, api: AuthApi): Promise<void> {
    const { stolen } = client;
    if (stolen === undefined) return;
    const answer = await api.refresh(stolen, 'thief');
    expect(answer.status).not.toBe(200);
    if (isUnknown(answer)) client.doubtful = true;
    else client.ended = true;
  }

  function end(asking: Client, ended: readonly Client[], answer: Answer): void {
    for (const client of ended) noteEnd(client, answer);
    // Refused: the asking one had been ended by another.
    if (answer.status === 401) asking.doubtful = true;
  }

  function noteEnd(client: Client, answer: Answer): void {
    if (isUnknown(answer)) client.doubtful = true;
    else if (answer.status < 300) client.ended = true;
  }

  /** What must hold when nothing is under way. */
  async function check(clients: readonly Client[]): Promise<void> {
    for (const client of clients) {
      const byCounter = new Map<unknown, Set<string>>();
      for (const { refresh: token } of client.given) {
        const { counter } = claimsOf(token);
        byCounter.set(counter, (byCounter.get(counter) ?? new Set()).add(token));
      }
      // One lineage: each generation is one token, however often it was given out.
      for (const tokens of byCounter.values()) expect(tokens.size).toBe(1);
      if (client.ended) await expectEnded(client);
      else if (!client.doubtful) await expectAlive(client);
    }
  }

  async function expectEnded(client: Client): Promise<void> {
    for (const api of replicas) {
      for (const { access } of client.given) {
        await eventually('the access token is refused', async () => (await api.me(access)).status === 401);
      }
    }
    for (const { refresh: token } of client.given) {
      expect((await replicas[1].refresh(token)).status).toBe(401);
    }
  }

  async function expectAlive(client: Client): Promise<void> {
    const answer = await eventually('it is answered', async () => {
      const refreshed = await replicas[0].refresh(client.refreshToken);
      return !isUnknown(refreshed) && refreshed;
    });
    expect([answer.status, answer.body['type']]).toEqual([200, undefined]);
    client.take(answer.body);
    expect((await replicas[1].me(client.accessToken)).status).toBe(200);
  }

  it('are one lineage, end with an acknowledged end, and serve an honest client until then', async () => {
    await fc.assert(
      fc.asyncProperty(aHistory, async (rounds) => {
        const email = world.anEmail();
        await replicas[1].register(email);
        const clients = Array.from({ length: CLIENTS }, () => new Client());
        for (const client of clients) {
          client.take((await replicas[1].login(email, {}, { 'user-agent': 'browser' })).body);
        }
        for (const round of rounds) {
          await Promise.all(round.map((action) => act(action, clients)));
          await check(clients);
        }
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  }, 240_000);
});
