import { Redis } from 'ioredis';
import { eventually } from '../support/eventually.js';
import { AuthFleet } from './auth-fleet.js';
import type { AuthReplica } from './auth-replica.js';

describe('auth-service that is killed with -9 while it ends a session', () => {
  let fleet: AuthFleet;
  let survivor: AuthReplica;

  beforeAll(async () => {
    fleet = await AuthFleet.start();
    survivor = await fleet.replica();
  }, 60_000);

  afterAll(() => fleet.stop(), 60_000);

  it.each([
    ['before it is published', 'redis', '"kind":"session"', false],
    ['after it was published and before the session ended', 'redis', '"kind":"session"', true],
    ['after the session ended and before that is noted', 'database', 'SET "settled_at"', false],
  ] as const)(
    'leaves the rest to another: %s',
    async (_step, engine, text, letsPass) => {
      const victim = await fleet.replica({ behindDoors: true });
      const tokens = await victim.signIn(fleet.anEmail());
      const killed = fleet.doors[engine].cutAt('in', text, { letsPass }).then(() => victim.kill());
      // Nobody answers: the process is gone.
      await victim.call('POST', '/v1/auth/logout', { token: tokens.accessToken }).catch(() => undefined);
      await killed;

      await eventually('it is refused by the other', async () => {
        const { status } = await survivor.call('GET', '/v1/auth/me', { token: tokens.accessToken });
        return status === 401;
      });
      const body = { refreshToken: tokens.refreshToken };
      expect((await survivor.call('POST', '/v1/auth/refresh', { body })).status).toBe(401);
      const client = new Redis(fleet.redis.url);
      await eventually(
        'the session is gone',
        async () => (await client.keys(`*${tokens.sessionId}*`)).length === 0,
      );
      client.disconnect();
    },
    60_000,
  );
});
