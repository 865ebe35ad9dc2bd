import type { AddressInfo } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { hash } from '@node-rs/argon2';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { AccountRepository } from '../../src/accounts/account.repository.js';
import { PasswordHasher } from '../../src/passwords/password.hasher.js';
import { PasswordPlaces } from '../../src/passwords/password.places.js';
import { LoginLimiter } from '../../src/rate-limits/login.limiter.js';
import { AuthApi, AuthWorld, PASSWORD } from './auth-world.js';

const PRESENT = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/;

describe('the work for passwords', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;
  let hasher: PasswordHasher;

  const query = <T>(sql: string, parameters: unknown[] = []) =>
    app.get(DataSource).query<T[]>(sql, parameters);
  const account = async (email: string) => {
    const [row] = await query<{ id: string; password_hash: string; epoch: number }>(
      'SELECT id, password_hash, epoch FROM account WHERE email = $1',
      [email],
    );
    return row as { id: string; password_hash: string; epoch: number };
  };

  /** An account whose password was hashed at an earlier, lower cost. */
  async function anOldAccount(): Promise<{ email: string; old: string }> {
    const email = world.anEmail();
    const old = await hash(PASSWORD, { memoryCost: 7_168, timeCost: 1, parallelism: 1 });
    await api.register(email);
    await query('UPDATE account SET password_hash = $1 WHERE email = $2', [old, email]);
    return { email, old };
  }

  beforeAll(async () => {
    app = await world.start();
    api = new AuthApi(app);
    hasher = app.get(PasswordHasher, { strict: false });
  }, 30_000);

  afterAll(() => world.stop(), 30_000);

  it('hashes a password anew after a login, when its hash is of another cost, and ends nothing by it', async () => {
    const { email, old } = await anOldAccount();
    const login = await api.login(email);
    expect(login.status).toBe(200);
    await eventually('it is hashed anew', async () => (await account(email)).password_hash !== old);
    const { password_hash: present, epoch } = await account(email);
    expect(present).toMatch(PRESENT);
    expect(epoch).toBe(0);
    expect((await api.me(login.body['accessToken'])).status).toBe(200);
    expect((await api.login(email)).status).toBe(200);
    expect((await account(email)).password_hash).toBe(present);
  });

  it('hashes it anew at the cost that is configured, higher or lower', async () => {
    const email = world.anEmail();
    await api.register(email);
    const configured = new AuthApi(
      await world.start({ PASSWORD_HASH_MEMORY_KIB: '12288', PASSWORD_HASH_ITERATIONS: '3' }),
    );
    for (const [replica, cost] of [
      [configured, '$argon2id$v=19$m=12288,t=3,p=1$'],
      [api, '$argon2id$v=19$m=19456,t=2,p=1$'],
    ] as const) {
      expect((await replica.login(email)).status).toBe(200);
      await eventually(`it is ${cost}`, async () => (await account(email)).password_hash.startsWith(cost));
    }
    expect((await configured.login(email)).status).toBe(200);
  });

  it('leaves the hash alone after a wrong password', async () => {
    const { email, old } = await anOldAccount();
    expect((await api.login(email, { password: 'not the right phrase' })).status).toBe(401);
    // Whatever was begun has ended when this has: one at a time is hashed anew.
    const { email: next, old: before } = await anOldAccount();
    await api.login(next);
    await eventually('the next one is', async () => (await account(next)).password_hash !== before);
    expect((await account(email)).password_hash).toBe(old);
  });

  it('does not undo a change of the password that came in between', async () => {
    const { email, old } = await anOldAccount();
    const { id } = await account(email);
    const accounts = app.get(AccountRepository, { strict: false });
    await query(`UPDATE account SET password_hash = 'changed' WHERE id = $1`, [id]);
    await accounts.replacePasswordHash(id, old, 'the old password, hashed anew');
    expect((await account(email)).password_hash).toBe('changed');
  });

  /** Keeps the queue full until it is stopped: many more want a hash than it takes. */
  function flood() {
    let isOn = true;
    const outcomes = { hashed: 0, refused: 0 };
    const workers = Array.from({ length: 600 }, async () => {
      while (isOn) {
        await hasher.hash('what keeps it busy').then(
          () => outcomes.hashed++,
          () => outcomes.refused++,
        );
        await turn();
      }
    });
    return {
      stop: async () => {
        isOn = false;
        await Promise.all(workers);
        return outcomes;
      },
    };
  }

  it('refuses in time what is more than it can hash, counts nothing of it, and goes on', async () => {
    const email = world.anEmail();
    await api.register(email);
    const flooded = flood();
    const refused = await eventually('it is refused', async () => {
      const answer = await api.login(email);
      return answer.status !== 200 && answer;
    });
    expect([refused.status, refused.body['type']]).toEqual([503, 'overloaded']);
    expect(refused.headers['retry-after']).toBe('2');
    // Meanwhile other routes answer.
    expect((await api.call('GET', '/.well-known/jwks.json')).status).toBe(200);
    const { hashed, refused: refusals } = await flooded.stop();
    expect(hashed).toBeGreaterThan(0);
    expect(refusals).toBeGreaterThan(0);
    const login = await api.login(email, { password: 'not the right phrase' });
    expect([login.status, login.headers['ratelimit-remaining']]).toEqual([401, '4']);
  }, 30_000);

  it('refuses before it looks at anything when all places are taken', async () => {
    const email = world.anEmail();
    await api.register(email);
    const places = app.get(PasswordPlaces, { strict: false });
    const { concurrency, maxWaiting } = hasher.limits;
    let leave!: () => void;
    const taken = new Promise<void>((resolve) => (leave = resolve));
    const held = Array.from({ length: concurrency + maxWaiting }, () => places.hold(() => taken));
    const counts = jest.spyOn(app.get(LoginLimiter, { strict: false }), 'countAddress');
    const looksUp = jest.spyOn(app.get(AccountRepository, { strict: false }), 'findByEmail');
    for (const who of [email, world.anEmail()]) {
      const answer = await api.login(who);
      expect([answer.status, answer.body['type'], answer.headers['retry-after']]).toEqual([
        ...[503, 'overloaded', '2'],
      ]);
    }
    expect([counts.mock.calls, looksUp.mock.calls]).toEqual([[], []]);
    // The body is not even read.
    const unread = await api.call('POST', '/v1/auth/login', { body: '{"email":' });
    expect([unread.status, unread.body['type']]).toEqual([503, 'overloaded']);
    expect(unread.headers).toMatchObject({
      'content-type': expect.stringContaining('application/problem+json') as string,
      'x-request-id': expect.any(String) as string,
      'x-content-type-options': 'nosniff',
    });
    expect((await api.call('POST', '/v1/auth/refresh', { body: '{"email":' })).status).toBe(400);
    leave();
    await Promise.all(held);
    expect((await api.login(email)).status).toBe(200);
    expect([counts.mock.calls.length, looksUp.mock.calls.length]).toEqual([1, 1]);
    jest.restoreAllMocks();
  });

  it('forgets a login whose client has gone', async () => {
    const email = world.anEmail();
    await api.register(email);
    await app.listen(0, '127.0.0.1');
    const { port } = app.getHttpServer().address() as AddressInfo;
    // Some of them may have no turn in time on a slow machine.
    const many = { length: hasher.limits.concurrency + 40 };
    const ahead = Promise.allSettled(Array.from(many, () => hasher.hash('what is before it')));
    const client = new AbortController();
    const verify = jest.spyOn(hasher, 'verify');
    const gone = fetch(`http://127.0.0.1:${port}/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password: 'not the right phrase' }),
      signal: client.signal,
    });
    await eventually('it waits', () => verify.mock.calls.length === 1);
    client.abort();
    await expect(gone).rejects.toThrow('aborted');
    await expect(verify.mock.results[0]?.value).rejects.toThrow('The client has gone');
    verify.mockRestore();
    await ahead;
    const next = await api.login(email, { password: 'not the right phrase' });
    expect([next.status, next.headers['ratelimit-remaining']]).toEqual([401, '4']);
  }, 20_000);
});
