import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { Door } from '../../../../test/support/door.js';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisUrl } from '../../../../test/support/redis.js';
import { RevocationRepository } from '../../src/revocations/revocation.repository.js';
import { AuthApi, AuthWorld, claimsOf } from './auth-world.js';

describe('a revocation that was acknowledged', () => {
  const world = new AuthWorld();
  const door = new Door(new URL(testRedisUrl()));
  let behindDoor: AuthApi;
  let app: NestFastifyApplication;
  let api: AuthApi;

  beforeAll(async () => {
    await door.open();
    behindDoor = new AuthApi(await world.start({ REDIS_URL: door.url }));
    app = await world.start();
    api = new AuthApi(app);
  });

  afterAll(async () => {
    await world.stop();
    await door.close();
  }, 30_000);

  const keyOf = (tokens: Record<string, string>) =>
    `${world.namespace}:session:{${String(claimsOf(tokens['accessToken'])['sub'])}}:${tokens['sessionId']}`;
  const isSettled = async (tokens: Record<string, string>) => {
    const rows = await app
      .get(DataSource)
      .query<{ settled_at: Date | null }[]>(`SELECT settled_at FROM revocation WHERE subject = $1`, [
        tokens['sessionId'],
      ]);
    return rows.length === 1 && rows[0]?.settled_at !== null;
  };
  const logout = (at: AuthApi, tokens: Record<string, string>) =>
    at.call('POST', '/v1/auth/logout', { token: tokens['accessToken'] });
  const isRefusedAtRefresh = async ({ refreshToken }: Record<string, string>) =>
    expect((await api.refresh(refreshToken)).status).toBe(401);
  const isRefused = async (tokens: Record<string, string>) => {
    expect((await api.me(tokens['accessToken'])).status).toBe(401);
    await isRefusedAtRefresh(tokens);
  };

  it.each([
    ['before it is published', false],
    ['after it was published and before the session ended', true],
  ])('holds when Redis goes away %s', async (_step, letsPass) => {
    const tokens = await api.signIn(world.anEmail());
    const cut = door
      .cutAt('in', `"kind":"session","id":"${tokens['sessionId']}"`, { letsPass })
      .then(() => door.close());
    expect((await logout(behindDoor, tokens)).status).toBe(204);
    await cut;
    // The other replica has another connection, and PostgreSQL, which knows.
    expect((await api.refresh(tokens['refreshToken'])).status).toBe(401);
    await door.open();
    await eventually('its consequences are done', () => isSettled(tokens));
    expect(await world.redis.exists(keyOf(tokens))).toBe(0);
    await isRefused(tokens);
  });

  it('holds against a later one that leaves the ended session out, before Redis was told', async () => {
    const email = world.anEmail();
    const ended = await api.signIn(email);
    const asking = (await api.login(email, {}, { 'user-agent': 'browser' })).body;
    const logoutOthers = (at: AuthApi, { accessToken }: Record<string, string>) =>
      at.call('POST', '/v1/auth/logout-all', { token: accessToken, body: { exceptCurrent: true } });
    const cut = door.cutAt('in', `"exceptSession":"${asking['sessionId']}"`).then(() => door.close());
    expect((await logoutOthers(behindDoor, asking)).status).toBe(200);
    await cut;
    expect((await logoutOthers(api, ended)).status).toBe(401);
    await isRefusedAtRefresh(ended);
    await door.open();
    await eventually('it is refused', async () => (await api.me(ended['accessToken'])).status === 401);
    await isRefusedAtRefresh(ended);
    expect((await api.me(asking['accessToken'])).status).toBe(200);
  });

  it('holds when Redis comes back with older data', async () => {
    const tokens = await api.signIn(world.anEmail());
    const dump = await world.redis.dumpBuffer(keyOf(tokens));
    expect((await logout(api, tokens)).status).toBe(204);
    await eventually('its consequences are done', () => isSettled(tokens));
    await world.redis.restore(keyOf(tokens), 0, dump);
    await isRefused(tokens);

    // A refused refresh has ended the session again; nobody asks this time.
    await world.redis.restore(keyOf(tokens), 0, dump);
    await app.get(DataSource).query(`UPDATE redis_incarnation SET name = 'another'`);
    await eventually(
      'the session is ended again',
      async () => (await world.redis.exists(keyOf(tokens))) === 0,
    );
  });

  it('is known to a replica that starts later, also when Redis has lost the broadcasts', async () => {
    const tokens = await api.signIn(world.anEmail());
    const dump = await world.redis.dumpBuffer(keyOf(tokens));
    await logout(api, tokens);
    const lost = await world.redis.keys(`${world.namespace}:{auth}:broadcasts:*`);
    expect(lost.length).toBeGreaterThan(0);
    await world.redis.del(...lost);
    const late = new AuthApi(await world.start());
    await world.redis.restore(keyOf(tokens), 0, dump, 'REPLACE');
    // Until it knows, it says so: it accepts nothing.
    const answers: number[] = [];
    await eventually('it is refused', async () => {
      answers.push((await late.me(tokens['accessToken'])).status);
      return answers.at(-1) === 401;
    });
    expect(answers).not.toContain(200);
  });

  it('is not noted as done on a Redis that has been replaced meanwhile', async () => {
    const tokens = await api.signIn(world.anEmail());
    await logout(api, tokens);
    await eventually('its consequences are done', () => isSettled(tokens));
    const [row] = await app
      .get(DataSource)
      .query<{ id: string; name: string }[]>(
        `UPDATE revocation SET settled_at = NULL, created_at = now() + interval '1 hour' FROM redis_incarnation
          WHERE subject = $1 RETURNING revocation.id, redis_incarnation.name`,
        [tokens['sessionId']],
      )
      .then(([rows]) => rows as unknown as { id: string; name: string }[]);
    if (row === undefined) throw new Error('there is no such revocation');
    const revocations = app.get(RevocationRepository, { strict: false });
    const noted = async (on: string) => {
      await revocations.settle([row.id], on);
      return isSettled(tokens);
    };
    expect(await noted('another')).toBe(false);
    expect(await noted(row.name)).toBe(true);
  });
});
