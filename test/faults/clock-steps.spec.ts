import { createPrivateKey } from 'node:crypto';
import { Redis } from 'ioredis';
import { withLowS } from '@gatehouse/access-control';
import { Keyring } from '@gatehouse/envelope-encryption';
import { decodeJwt, SignJWT } from 'jose';
import { eventually } from '../support/eventually.js';
import { AuthFleet } from './auth-fleet.js';
import { type AuthReplica, SECRET, type Tokens } from './auth-replica.js';

const HOUR_MS = 3_600_000;
const STEPPED_CLOCK = './test/faults/processes/stepped-clock.mjs';
const SERVICE = 'provider-health-service';

/** Redis dates sessions and tokens, PostgreSQL revocations and keys: the clock of a replica decides nothing. */
describe.each([
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
])('a replica whose clock is set %s', (_step, clockOffMs) => {
  let fleet: AuthFleet;
  let right: AuthReplica;
  let wrong: AuthReplica;
  let redis: Redis;
  /** Made before its clock was set. */
  let before: Tokens;

  beforeAll(async () => {
    fleet = await AuthFleet.start();
    redis = new Redis(fleet.redis.url);
    const env = { SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: SECRET };
    right = await fleet.replica({ env });
    wrong = await fleet.replica({ env, preload: STEPPED_CLOCK });
    before = await wrong.signIn(fleet.anEmail());
    wrong.tell({ clockOffMs });
  }, 60_000);

  afterAll(async () => {
    redis.disconnect();
    await fleet.stop();
  }, 60_000);

  /** At once it may refuse what is good, until it has asked Redis for the time; never the other way round. */
  const isAccepted = (at: AuthReplica, { accessToken }: Tokens) =>
    eventually('it is accepted', async () => (await at.me(accessToken)).status === 200);
  const expectDatedNow = (token: string, lifetimeSeconds: number) => {
    const { iat = 0, exp = 0 } = decodeJwt(token);
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(60);
    expect(exp - iat).toBe(lifetimeSeconds);
  };
  const keyOf = ({ accessToken, sessionId }: Tokens) =>
    `gatehouse:session:{${decodeJwt(accessToken).sub}}:${sessionId}`;

  it('goes on with the sessions that there are', async () => {
    for (const at of [right, wrong]) await isAccepted(at, before);
    const refreshed = await wrong.refresh(before.refreshToken);
    expect(refreshed.status).toBe(200);
    for (const at of [right, wrong]) await isAccepted(at, refreshed.body);
    // Within the window, at the other one: the same successor.
    expect((await right.refresh(before.refreshToken)).body.refreshToken).toBe(refreshed.body.refreshToken);
  });

  it('issues tokens of now, which the others accept', async () => {
    const tokens = await wrong.signIn(fleet.anEmail());
    expectDatedNow(tokens.accessToken, 15 * 60);
    expectDatedNow(tokens.refreshToken, 7 * 24 * 3600);
    for (const at of [right, wrong]) await isAccepted(at, tokens);
    const form = `grant_type=client_credentials&client_id=${SERVICE}&client_secret=${SECRET}`;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const { body } = await wrong.call<{ access_token: string }>('POST', '/v1/auth/token', {
      body: form,
      headers,
    });
    expectDatedNow(body.access_token, 15 * 60);
  });

  it('refuses a token that has expired, and so do the others', async () => {
    const tokens = await wrong.signIn(fleet.anEmail());
    await isAccepted(wrong, tokens);
    const expired = await anExpiredOne(tokens.accessToken, 10);
    for (const at of [right, wrong]) expect((await at.me(expired)).status).toBe(401);
    // Its clock is set once more: it does not come back.
    wrong.tell({ clockOffMs: clockOffMs - HOUR_MS });
    expect((await wrong.me(expired)).status).toBe(401);
    wrong.tell({ clockOffMs });
    await isAccepted(wrong, tokens);
  });

  it('ends sessions for as long as their tokens live, also when Redis brings one back', async () => {
    const tokens = await wrong.signIn(fleet.anEmail());
    const dump = await redis.dumpBuffer(keyOf(tokens));
    await isAccepted(wrong, tokens);
    expect((await wrong.logout(tokens.accessToken)).status).toBe(204);
    const [row] = await fleet.query<{ seconds: number; settled: boolean }>(
      `SELECT extract(epoch FROM expires_at - now())::integer AS seconds, settled_at IS NOT NULL AS settled
       FROM revocation WHERE subject = $1`,
      [tokens.sessionId],
    );
    expect(row?.settled).toBe(true);
    // As long as a token lives, and some minutes more.
    expect(row?.seconds).toBeGreaterThanOrEqual(15 * 60);
    expect(row?.seconds).toBeLessThanOrEqual(20 * 60);
    await redis.restore(keyOf(tokens), 0, dump);
    // A replica that starts now knows of it too, whatever its clock says.
    const late = await fleet.replica({
      preload: STEPPED_CLOCK,
      env: { CLOCK_OFF_MS: String(clockOffMs) },
    });
    for (const at of [right, wrong, late]) {
      expect((await at.me(tokens.accessToken)).status).toBe(401);
      expect((await at.refresh(tokens.refreshToken)).status).toBe(401);
      await redis.restore(keyOf(tokens), 0, dump, 'REPLACE');
    }
  });

  it('does what another left undone when it ended a session', async () => {
    const tokens = await right.signIn(fleet.anEmail());
    await fleet.query(
      `INSERT INTO revocation (id, kind, subject, account_id, created_at, expires_at)
       VALUES (gen_random_uuid(), 'session', $1, $2, now(), now() + interval '16 minutes')`,
      [tokens.sessionId, decodeJwt(tokens.accessToken).sub],
    );
    await right.kill();
    await eventually('the session is ended', async () => (await redis.exists(keyOf(tokens))) === 0);
    right = await fleet.replica({ env: { SERVICE_PROVIDER_HEALTH_SERVICE_SECRET: SECRET } });
  });

  it('holds to the limits of attempts, with the others', async () => {
    const email = fleet.anEmail();
    await right.register(email);
    const wrongly = { password: 'not the right phrase' };
    const statuses: number[] = [];
    for (let n = 0; n < 6; n++) statuses.push((await (n % 2 ? right : wrong).login(email, wrongly)).status);
    expect(statuses).toEqual([...Array<number>(5).fill(401), 429]);
    for (const at of [right, wrong]) {
      const retryAfter = Number((await at.login(email)).headers.get('retry-after'));
      expect(retryAfter).toBeGreaterThan(0);
      expect(retryAfter).toBeLessThanOrEqual(300);
    }
  });

  it('neither makes nor removes signing keys', async () => {
    const keys = () => fleet.query<{ kid: string }>(`SELECT kid, active_from FROM signing_key`);
    const [key, ...others] = await keys();
    expect(others).toEqual([]);
    await wrong.call('GET', '/.well-known/jwks.json');
    expect(await keys()).toEqual([key]);
  });

  it('has ended nobody', async () => {
    const ended = await fleet.query(
      `SELECT payload FROM outbox_message WHERE payload LIKE '%auth.session-ended%' OR payload LIKE '%refresh-reuse%'`,
    );
    expect(ended).toEqual([]);
    expect(await redis.exists(keyOf(before))).toBe(1);
  });

  /** A token like the given one that has expired so many minutes ago, by the key of the fleet. */
  async function anExpiredOne(accessToken: string, minutes: number): Promise<string> {
    const [row] = await fleet.query<{ kid: string; sealed: string }>(
      `SELECT kid, sealed_private_key AS sealed FROM signing_key`,
    );
    const { kid = '', sealed = '' } = row ?? {};
    const key = createPrivateKey(new Keyring([SECRET]).open(sealed, `signing-key:${kid}`));
    const exp = Math.floor(Date.now() / 1000) - minutes * 60;
    const claims = { ...decodeJwt(accessToken), iat: exp - 15 * 60, exp };
    return withLowS(
      await new SignJWT(claims).setProtectedHeader({ alg: 'ES256', kid, typ: 'at+jwt' }).sign(key),
    );
  }
});
