import type { Revocation } from '@gatehouse/auth-contracts';
import { Redis } from 'ioredis';
import { aKey, aToken, jwksOf } from '../support/access-tokens.js';
import { eventually } from '../support/eventually.js';
import { signedMap, signedPage } from '../support/platform.js';
import { testRedisSettings } from '../support/redis.js';
import { AuthFleet } from './auth-fleet.js';
import type { AuthReplica, Tokens } from './auth-replica.js';
import { Rival } from './rival.js';
import { scale } from './scale.js';
import { type Verifier, Verifiers } from './verifiers.js';

const MANY = scale(500, 5_000);
const LONG = 64 * 1024;
const MEBIBYTE = 1024 * 1024;

const aRevocation = (id: string): Revocation => ({
  kind: 'session',
  id,
  revokedAt: new Date().toISOString(),
  expiresAt: new Date(Date.now() + 900_000).toISOString(),
});

describe("somebody who may do everything on Redis and has no key of auth-service's", () => {
  let fleet: AuthFleet;
  let auth: AuthReplica;
  let verifiers: Verifiers;
  let verifier: Verifier;
  let redis: Redis;
  let key: Awaited<ReturnType<typeof aKey>>;
  let good: Tokens;
  let rival: Rival | undefined;

  beforeAll(async () => {
    fleet = await AuthFleet.start();
    auth = await fleet.replica();
    redis = new Redis(fleet.redis.url);
    key = await aKey('forged');
    verifiers = new Verifiers(fleet, auth);
    verifier = await verifiers.start();
    good = await auth.signIn(fleet.anEmail());
    await verifiers.accept(good);
  }, 120_000);

  afterEach(async () => {
    await rival?.stop();
    rival = undefined;
  });

  afterAll(async () => {
    redis.disconnect();
    await verifiers.kill();
    await fleet.stop();
  }, 60_000);

  const lying = async (lie: Parameters<typeof Rival.start>[1] = () => undefined): Promise<Rival> => {
    rival = await Rival.start(testRedisSettings(fleet.redis.url), lie);
    return rival;
  };
  /** They have heard what was published before this, and live. */
  const haveHeard = async () => {
    const ended = await auth.signIn(fleet.anEmail());
    await auth.logout(ended.accessToken);
    await verifiers.refuse(ended);
    await verifiers.accept(good);
    expect(await verifier.status('special', good)).toBe(403);
  };
  const aForgedToken = () => aToken(key, { claims: { role: 'admin' } });

  it.each(['', 'nonsense', 'null', '7', '[]', '{}', '{"generation":1}', '{"generation":"g","sequence":1}'])(
    'brings no process down by publishing %j',
    async (text) => {
      for (const pattern of ['auth.revoked', 'auth.roles-changed', 'auth.keys-changed'])
        expect(await redis.publish(`gatehouse:db0:broadcasts:${pattern}`, text)).toBeGreaterThan(0);
      await haveHeard();
    },
  );

  it.each([
    ['nothing', null],
    ['a text', 'revoked'],
    ['no kind', { ...aRevocation('x'), kind: '__proto__' }],
    ['no id', { ...aRevocation('x'), id: { length: 1 } }],
    ['a strange epoch', { ...aRevocation('x'), kind: 'account', epoch: 'NaN' }],
    ['no dates', { ...aRevocation('x'), revokedAt: 7, expiresAt: null }],
  ])('brings no process down by a revocation that is %s', async (_what, payload) => {
    const told = await lying();
    await told.broadcast('auth.revoked', payload);
    await haveHeard();
  });

  it('brings in no key', async () => {
    const told = await lying();
    await told.broadcast('auth.keys-changed', jwksOf(key));
    await haveHeard();
    expect(await verifier.status('read', { accessToken: await aForgedToken() })).toBe(401);
  });

  it('brings in no right', async () => {
    const map = { version: 999, roles: { user: { parent: 'admin', permissions: ['*'] } } } as const;
    const { rolesVersion } = await verifier.state();
    const told = await lying();
    const roles = { version: 999, roles: { user: { parent: 'admin' as const, permissions: ['*'] } } };
    const unsigned = Buffer.from(JSON.stringify({ alg: 'none', kid: 'k', typ: 'permission-map+jwt' }));
    for (const document of [
      ...[null, '', 7, {}, JSON.stringify(map), await signedMap(key, roles)],
      `${unsigned.toString('base64url')}.${Buffer.from(JSON.stringify(map)).toString('base64url')}.AA`,
      // Signed by auth-service, and no permission map.
      good.accessToken,
    ])
      await told.broadcast('auth.roles-changed', { document });
    await haveHeard();
    expect((await verifier.state()).rolesVersion).toBe(rolesVersion);
  });

  it.each([
    ['what is unsigned', (nonce: string) => ({ revocations: [], document: '', nonce })],
    [
      'what it signed itself',
      async (nonce: string) => ({ document: await signedPage(key, { revocations: [] }, { nonce }) }),
    ],
    ['what auth-service has signed for another use', () => ({ document: good.accessToken })],
  ])('cannot hide a revocation from one that starts, by answering %s', async (_what, answer) => {
    const ended = await auth.signIn(fleet.anEmail());
    await verifiers.accept(ended);
    await auth.logout(ended.accessToken);
    await verifiers.refuse(ended);
    const told = await lying((_pattern, { nonce }) => answer(nonce));
    const seen: number[] = [];
    await eventually('it was asked', async () => {
      const started = await verifiers.start();
      seen.push(...(await verifiers.refuse(ended, [started])));
      await verifiers.accept(good, [started]);
      return told.answered > 0;
    });
    expect(seen).not.toContain(200);
  });

  it('cannot keep revocations from being heard by numbers that it makes up', async () => {
    const { generation } = await (await lying()).broadcaster.publish('auth.revoked', aRevocation('any'));
    const channel = 'gatehouse:db0:broadcasts:auth.revoked';
    for (const sequence of [1e6, 1e12, Number.MAX_SAFE_INTEGER, -1, 0]) {
      const forged = { generation, sequence, headers: {}, data: aRevocation('none') };
      await redis.publish(channel, JSON.stringify(forged));
    }
    // The tail ends beyond any number that auth-service will give out.
    await redis.xadd(
      'gatehouse:{auth}:broadcasts:auth.revoked:tail',
      '9999999-0',
      'headers',
      '{}',
      'data',
      '{}',
    );
    const ended = await auth.signIn(fleet.anEmail());
    await auth.logout(ended.accessToken);
    await verifiers.refuse(ended);
    await redis.del('gatehouse:{auth}:broadcasts:auth.revoked:tail');
    await verifiers.accept(good);
  });

  it('fills no memory with what is no revocation', async () => {
    const told = await lying();
    const before = await verifier.child.call<number>('heap');
    for (let n = 0; n < MANY; n++)
      await told.broadcast('auth.revoked', aRevocation(`${n}`.padEnd(LONG, 'x')));
    await haveHeard();
    // 32 MiB and more were sent.
    expect((await verifier.child.call<number>('heap')) - before).toBeLessThan(8 * MEBIBYTE);
  });
});
