import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { PasswordResetHousekeeper } from '../../src/account-passwords/password-reset.housekeeper.js';
import { SessionHousekeeper } from '../../src/sessions/session.housekeeper.js';
import { AuthApi, AuthWorld } from './auth-world.js';

/** More than a batch has. */
const MANY = 1_234;

describe('what is over', () => {
  const world = new AuthWorld();
  let apps: NestFastifyApplication[];
  let api: AuthApi;

  beforeAll(async () => {
    apps = [await world.start(), await world.start()];
    api = new AuthApi(apps[0] as NestFastifyApplication);
  }, 30_000);

  afterAll(() => world.stop(), 30_000);

  const query = <Row>(sql: string, parameters: unknown[] = []): Promise<Row[]> =>
    (apps[0] as NestFastifyApplication).get(DataSource).query<Row[]>(sql, parameters);
  const count = async (table: string, where: string) =>
    Number((await query<{ n: string }>(`SELECT count(*) AS n FROM ${table} WHERE ${where}`))[0]?.n);
  const tidyBoth = (role: typeof SessionHousekeeper | typeof PasswordResetHousekeeper) =>
    Promise.all(apps.map((app) => app.get<SessionHousekeeper>(role, { strict: false }).tidy()));

  it('leaves the user agents, by two replicas at once, and no user agent that a session may have', async () => {
    await query(
      `INSERT INTO user_agent (id, text, used_at)
       SELECT 'old-' || n, 'old', now() - interval '31 days 2 hours' FROM generate_series(1, $1::integer) n`,
      [MANY],
    );
    await query(
      `INSERT INTO user_agent (id, text, used_at) VALUES ('kept', 'kept', now() - interval '30 days 23 hours')`,
    );
    await tidyBoth(SessionHousekeeper);
    expect(await count('user_agent', `text = 'old'`)).toBe(0);
    expect(await count('user_agent', `text = 'kept'`)).toBe(1);
  });

  it('leaves the accounts: resets of passwords that nobody redeemed', async () => {
    await query(
      `INSERT INTO account (id, email, role, status, password_hash, epoch, created_at,
         password_reset_hash, password_reset_expires_at)
       SELECT gen_random_uuid(), n || '@reset.test', 'user', 'active', '-', 0, now(),
         sha256(n::text::bytea), now() + CASE WHEN n = 0 THEN interval '1 minute' ELSE interval '-1 minute' END
       FROM generate_series(0, $1::integer) n`,
      [MANY],
    );
    await tidyBoth(PasswordResetHousekeeper);
    const open = await query(`SELECT email FROM account WHERE password_reset_hash IS NOT NULL`);
    expect(open).toEqual([{ email: '0@reset.test' }]);
    expect(await count('account', `email LIKE '%@reset.test'`)).toBe(MANY + 1);
  });

  it('leaves the revocations, once it was published, by two replicas that do so all the time', async () => {
    await query(
      `INSERT INTO revocation (id, kind, subject, created_at, expires_at, settled_at)
       SELECT gen_random_uuid(), 'session', 'over-' || n, now() - interval '2 days',
         now() - CASE WHEN n = 0 THEN interval '23 hours' ELSE interval '25 hours' END, now()
       FROM generate_series(0, $1::integer) n`,
      [MANY],
    );
    await eventually(
      'they are gone',
      async () => (await count('revocation', `subject LIKE 'over-%' AND subject <> 'over-0'`)) === 0,
    );
    // A session that outlived its tokens might still come back with a Redis of yesterday.
    expect(await count('revocation', `subject = 'over-0'`)).toBe(1);
  });

  it('is nothing, of refreshes: no table and no key grows with them, but for the events that are to be shipped', async () => {
    const sizes = async () => {
      const tables = await query<{ name: string }>(
        `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`,
      );
      expect(tables.length).toBeGreaterThan(5);
      const rows: Record<string, number> = {};
      for (const { name } of tables) rows[name] = await count(`"${name}"`, 'true');
      const keys = await world.redis.keys(`${world.namespace}:session*`);
      return { rows, keys: keys.length };
    };
    let tokens = await api.signIn(world.anEmail());
    const before = await sizes();
    for (let n = 0; n < 200; n++) {
      const refreshed = await api.refresh(tokens['refreshToken']);
      expect(refreshed.status).toBe(200);
      tokens = refreshed.body;
    }
    const after = await sizes();
    const { outbox_message: told = 0, ...others } = before.rows;
    expect(after).toEqual({ keys: before.keys, rows: { ...others, outbox_message: told + 200 } });
  });
});
