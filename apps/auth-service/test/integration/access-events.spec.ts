import { REFUSAL_RECORDER } from '@gatehouse/access-control';
import type { AuditRefusalRecorder } from '@gatehouse/audit-client';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { AuthApi, AuthWorld, claimsOf } from './auth-world.js';

describe('what the guards of auth-service refuse', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;

  beforeAll(async () => {
    app = await world.start({ TRUSTED_PROXIES: '127.0.0.1' });
    api = new AuthApi(app);
  }, 60_000);
  afterAll(() => world.stop(), 30_000);

  const events = async (action: string, mark: string) => {
    const rows: { payload: string }[] = await app
      .get(DataSource)
      .query(`SELECT payload FROM outbox_message WHERE payload LIKE $1 AND payload LIKE $2 ORDER BY id`, [
        `%${action}%`,
        `%${mark}%`,
      ]);
    return rows.map(({ payload }) => JSON.parse(payload) as Record<string, Record<string, unknown>>);
  };

  it('is in the trail, each 403 by itself, with the address that the proxy tells', async () => {
    const { accessToken = '', sessionId = '' } = await api.signIn(world.anEmail());
    const headers = { 'x-forwarded-for': '203.0.113.7' };
    const answer = await api.call('GET', '/v1/auth/users/01990000-0000-7000-8000-000000000000', {
      ...{ token: accessToken, headers },
    });
    expect(answer.status).toBe(403);
    const [event, ...more] = await eventually('it is written', async () => {
      const found = await events('access.denied', sessionId);
      return found.length > 0 && found;
    });
    expect(more).toEqual([]);
    expect(event).toMatchObject({
      ...{ category: 'access', outcome: 'denied', reason: answer.body['type'] },
      actor: { type: 'user', id: claimsOf(accessToken)['sub'] },
      target: { type: 'route', id: 'GET /v1/auth/users/:id' },
      context: { ip: '203.0.113.7', sessionId, service: 'auth-service' },
    });
  });

  it('is one event for all the 401s of an address', async () => {
    const [flooding, other] = ['203.0.113.20', '203.0.113.21'];
    const knock = async (ip: string) =>
      expect((await api.call('GET', '/v1/auth/me', { headers: { 'x-forwarded-for': ip } })).status).toBe(401);
    for (let n = 0; n < 30; n++) await knock(flooding);
    await knock(other);
    await app.get<AuditRefusalRecorder>(REFUSAL_RECORDER).flush();
    const counts = async (ip: string) =>
      (await events('access.unauthenticated', `"${ip}"`)).map(({ details }) => details?.['count']);
    // A minute may have ended in between.
    const sum = (all: unknown[]) => all.reduce((total: number, one) => total + Number(one), 0);
    expect((await counts(flooding)).length).toBeLessThanOrEqual(2);
    expect(sum(await counts(flooding))).toBe(30);
    expect(await counts(other)).toEqual([1]);
  });

  it('is counted where there is no room for it', async () => {
    const { body } = await app.inject({ url: '/metrics' });
    expect(body).toMatch(/^gatehouse_refusals_dropped_total 0$/m);
  });
});
