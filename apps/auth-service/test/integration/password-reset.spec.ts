import { AdminWorld } from './admin-world.js';
import { AuthApi } from './auth-world.js';

const NEW_PASSWORD = 'another long enough phrase';

describe('a password reset', () => {
  const world = new AdminWorld();

  beforeAll(() => world.startWithAdmin(), 30_000);
  afterAll(() => world.stop(), 30_000);

  const request = async (id: string) => (await world.as('POST', `/${id}/password-reset`)).body;
  const redeem = (token: unknown, newPassword: unknown = NEW_PASSWORD, api: AuthApi = world.api) =>
    api.call('POST', '/v1/auth/password-reset', { body: { token, newPassword } });
  const expectInvalid = async (token: unknown) => {
    const { status, body } = await redeem(token);
    expect([status, body['type']]).toEqual([400, 'invalid-reset-token']);
  };

  it('sets the password, ends all sessions, and is told', async () => {
    const { id, email, tokens } = await world.aUser();
    const { token, expiresAt = '' } = await request(id);
    expect(new Date(expiresAt).toISOString()).toBe(expiresAt);
    await world.expectAlive(tokens);
    expect((await redeem(token)).status).toBe(204);
    await world.expectRefused(tokens);
    expect((await world.api.login(email)).status).toBe(401);
    await world.expectAlive(await world.signIn(email, NEW_PASSWORD));
    expect((await world.told(id)).slice(-3)).toMatchObject([
      { action: 'auth.password-reset-requested', category: 'admin', actor: { type: 'user' } },
      { action: 'auth.password-reset', outcome: 'success', actor: { type: 'user', id } },
      { action: 'auth.login-failed', reason: 'invalid-credentials', target: { type: 'user', id } },
    ]);
  });

  it('is kept as a hash, and no event has its token', async () => {
    const { id } = await world.aUser();
    const { token = '' } = await request(id);
    const kept = await world.query(`SELECT 1 FROM account WHERE account::text LIKE '%' || $1 || '%'`, [
      token,
    ]);
    expect(kept).toEqual([]);
    expect(
      await world.query(`SELECT 1 FROM account WHERE password_reset_hash = sha256($1::bytea)`, [token]),
    ).toHaveLength(1);
    expect(await world.events(world.app, token)).toEqual([]);
  });

  it('is redeemed once by fifty at once', async () => {
    const { id, email } = await world.aUser();
    const { token } = await request(id);
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        redeem(token, `${NEW_PASSWORD} ${n}`, n % 2 === 0 ? world.api : world.other),
      ),
    );
    // Fifty passwords at once are more than a busy machine hashes in time: who was refused for that has not redeemed.
    const winners = answers.flatMap(({ status }, n) => (status === 204 ? [n] : []));
    expect(winners).toHaveLength(1);
    for (const { status, body } of answers.filter(({ status }) => status !== 204))
      expect(['400 invalid-reset-token', '503 overloaded']).toContain(`${status} ${body['type']}`);
    await world.expectAlive(await world.signIn(email, `${NEW_PASSWORD} ${winners[0]}`));
    const [row] = await world.query<{ epoch: number }>(`SELECT epoch FROM account WHERE id = $1`, [id]);
    expect(row?.epoch).toBe(1);
  }, 60_000);

  it('is good for nothing once it was used', async () => {
    const { id } = await world.aUser();
    const { token } = await request(id);
    await redeem(token);
    await expectInvalid(token);
  });

  it('is replaced by the next one', async () => {
    const { id } = await world.aUser();
    const { token: first } = await request(id);
    const { token: second } = await request(id);
    await expectInvalid(first);
    expect((await redeem(second)).status).toBe(204);
  });

  it('ends after an hour', async () => {
    const { id, email } = await world.aUser();
    const { token } = await request(id);
    const [{ seconds } = { seconds: 0 }] = await world.query<{ seconds: number }>(
      `SELECT extract(epoch FROM password_reset_expires_at - now())::int AS seconds FROM account WHERE id = $1`,
      [id],
    );
    expect(seconds).toBeGreaterThan(3_000);
    expect(seconds).toBeLessThanOrEqual(3_600);
    await world.query(`UPDATE account SET password_reset_expires_at = now() WHERE id = $1`, [id]);
    await expectInvalid(token);
    expect((await world.api.login(email)).status).toBe(200);
  });

  it('ends when the user changes the password by the current one', async () => {
    const { id, tokens } = await world.aUser();
    const { token } = await request(id);
    const body = { currentPassword: 'a long enough phrase', newPassword: NEW_PASSWORD };
    await world.api.call('POST', '/v1/auth/password', { token: tokens['accessToken'], body });
    await expectInvalid(token);
  });

  it('ends with its user', async () => {
    const { id } = await world.aUser();
    const { token } = await request(id);
    await world.as('DELETE', `/${id}`);
    await expectInvalid(token);
  });

  it('stays good after a password that is refused', async () => {
    const { id } = await world.aUser();
    const { token } = await request(id);
    const refused = await redeem(token, 'short');
    expect([refused.status, refused.body['type']]).toEqual([400, 'validation-failed']);
    expect((await redeem(token)).status).toBe(204);
  });

  it('does not open an account that is disabled', async () => {
    const { id, email } = await world.aUser();
    await world.as('PATCH', `/${id}`, { status: 'disabled' });
    const { token } = await request(id);
    expect((await redeem(token)).status).toBe(204);
    expect((await world.api.login(email, { password: NEW_PASSWORD })).status).toBe(401);
  });

  it.each([['no-such-token'], ['x'.repeat(43)], ["' OR true --"], ['\0']])(
    'takes no token %j',
    expectInvalid,
  );

  it.each([[''], ['x'.repeat(129)], [1], [null], [{ $ne: '' }]])('refuses %j as a token', async (token) => {
    const { status, body } = await redeem(token);
    expect([status, body['type']]).toEqual([400, 'validation-failed']);
  });

  it('is made for nobody by who may not, and for nobody who is not there', async () => {
    const { id, tokens } = await world.aUser();
    const path = `/${id}/password-reset`;
    expect((await world.as('POST', path, undefined, tokens['accessToken'])).status).toBe(403);
    expect((await world.api.call('POST', `/v1/auth/users${path}`)).status).toBe(401);
    expect((await world.as('POST', `/0199f1b2-0000-7000-8000-000000000000/password-reset`)).status).toBe(404);
  });

  it('is tried so often from an address, whatever is shown, and then not looked at', async () => {
    const limits = { TRUSTED_PROXIES: '127.0.0.1', PASSWORD_RESET_LIMIT_PER_ADDRESS: '3/3600' };
    const api = new AuthApi(await world.start(limits));
    const attempt = (token: unknown, address: string) =>
      api.call('POST', '/v1/auth/password-reset', {
        body: { token, newPassword: NEW_PASSWORD },
        headers: { 'x-forwarded-for': address },
      });
    const { id } = await world.aUser();
    const { token } = await request(id);
    const wrong = [];
    for (let n = 0; n < 3; n++) wrong.push(await attempt('none of ours', '198.51.100.7'));
    expect(wrong.map(({ status, headers }) => [status, headers['ratelimit-remaining']])).toEqual([
      [400, '2'],
      [400, '1'],
      [400, '0'],
    ]);
    const refused = await attempt(token, '198.51.100.7');
    expect([refused.status, refused.body['type']]).toEqual([429, 'too-many-requests']);
    expect(refused.headers).toMatchObject({
      'retry-after': refused.headers['ratelimit-reset'],
      'ratelimit-policy': '"password-reset-address";q=3;w=3600',
    });
    // It was not used up.
    expect((await attempt(token, '198.51.100.8')).status).toBe(204);
  }, 30_000);
});
