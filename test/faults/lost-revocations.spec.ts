import { AuthApi, AuthWorld } from '../../apps/auth-service/test/integration/auth-world.js';
import { type KillableRedis, startKillableRedis } from '../../tools/testing/killable-redis.mjs';
import { eventually } from '../support/eventually.js';
import { scale } from './scale.js';

const MANY = scale(20, 200);

/** PostgreSQL knows of each end before it is acknowledged; Redis may forget it. */
describe('sessions whose end was acknowledged just before Redis lost its last second', () => {
  const world = new AuthWorld();
  let redis: KillableRedis;
  let replicas: AuthApi[];

  beforeAll(async () => {
    redis = await startKillableRedis();
    replicas = [];
    for (let n = 0; n < 2; n++) replicas.push(new AuthApi(await world.start({ REDIS_URL: redis.url })));
  }, 60_000);

  afterAll(async () => {
    await world.stop();
    await redis.remove();
  }, 60_000);

  it('are refused everywhere from when it is back, also by a replica that starts then', async () => {
    const [first, second] = replicas as [AuthApi, AuthApi];
    const sessions: Record<string, string>[] = [];
    for (let n = 0; n < MANY; n++) sessions.push(await first.signIn(world.anEmail()));
    const mark = await redis.mark();
    await Promise.all(
      sessions.map(async ({ accessToken }, n) => {
        const answer = await (n % 2 === 0 ? first : second).call('POST', '/v1/auth/logout', {
          token: accessToken,
        });
        expect(answer.status).toBe(204);
      }),
    );
    await redis.loseSince(mark);
    await redis.start();

    replicas.push(new AuthApi(await world.start({ REDIS_URL: redis.url })));
    for (const replica of replicas) {
      for (const { accessToken, refreshToken } of sessions) {
        const answers: number[] = [];
        await eventually('it is refused', async () => {
          answers.push((await replica.me(accessToken)).status);
          return answers.at(-1) === 401;
        });
        expect(answers).not.toContain(200);
        await eventually('its refresh is refused', async () => {
          answers.push((await replica.refresh(refreshToken)).status);
          return answers.at(-1) === 401;
        });
        expect(answers).not.toContain(200);
      }
    }
    // Who has not ended is not ended by it.
    const { accessToken } = await second.signIn(world.anEmail());
    expect((await first.me(accessToken)).status).toBe(200);
  }, 120_000);
});
