import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AdminWorld } from './admin-world.js';

const BIN = fileURLToPath(new URL('../../bin/gatehouse-auth.mjs', import.meta.url));
const NEW_PASSWORD = 'another long enough phrase';

describe('gatehouse-auth', () => {
  const world = new AdminWorld();

  beforeAll(() => world.startWithAdmin(), 30_000);
  afterAll(() => world.stop(), 30_000);

  const run = (args: string[], env: Record<string, string> = { AUTH_DATABASE_URL: world.database.url }) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const options = { env: { PATH: process.env['PATH'], ...env } };
      execFile(process.execPath, [BIN, ...args], options, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  const redeem = (token: string | undefined) =>
    world.api.call('POST', '/v1/auth/password-reset', { body: { token, newPassword: NEW_PASSWORD } });

  it('makes a token that resets a password, and tells of it', async () => {
    const { id, email, tokens } = await world.aUser();
    const { code, out } = await run(['reset-password', ` ${email.toUpperCase()}`]);
    expect(code).toBe(0);
    expect(out).toContain('POST /v1/auth/password-reset');
    await world.expectAlive(tokens);
    const [, token] = /^Token: +([\w-]{43})$/m.exec(out) ?? [];
    expect((await redeem(token)).status).toBe(204);
    await world.expectRefused(tokens);
    await world.expectAlive(await world.signIn(email, NEW_PASSWORD));
    expect((await world.told(id)).slice(-2)).toMatchObject([
      {
        action: 'auth.password-reset-requested',
        ...{ actor: { type: 'system', id: 'gatehouse-auth' }, producer: 'auth-service' },
      },
      { action: 'auth.password-reset' },
    ]);
  }, 20_000);

  it('replaces the token that there was', async () => {
    const { id, email } = await world.aUser();
    const { token } = (await world.as('POST', `/${id}/password-reset`)).body;
    expect((await run(['reset-password', email])).code).toBe(0);
    expect((await redeem(token)).status).toBe(400);
  }, 20_000);

  it('says that there is no such user', async () => {
    expect(await run(['reset-password', 'nobody@example.test'])).toEqual({
      ...{ code: 1, out: '', err: 'There is no user with this email.\n' },
    });
  }, 20_000);

  it.each([[[]], [['reset-password']], [['reset-password', 'a@b.test', 'more']], [['unlock', 'a@b.test']]])(
    'shows how it is called for %j',
    async (args) => {
      const { code, out, err } = await run(args);
      expect([code, out]).toEqual([2, '']);
      expect(err).toMatch(/^Usage: gatehouse-auth reset-password EMAIL/);
    },
    20_000,
  );

  it('says that it does not know where the database is, and that it is away', async () => {
    const args = ['reset-password', 'a@b.test'];
    expect(await run(args, {})).toMatchObject({
      code: 78,
      err: expect.stringContaining('DATABASE_URL') as string,
    });
    expect(await run(args, { AUTH_DATABASE_URL: 'postgres://a:b@127.0.0.1:1/none' })).toMatchObject({
      ...{ code: 69, err: expect.stringContaining('PostgreSQL is away') as string },
    });
  }, 20_000);
});
