import { AccessTokenSigner } from '../../src/tokens/access-token.signer.js';
import { REVOCATIONS_TYPE } from '@gatehouse/access-control';
import type { AuthRequests, Revocation } from '@gatehouse/auth-contracts';
import { type RequestClient, RedisTransportModule } from '@gatehouse/redis-transport';
import type { INestApplicationContext } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { firstValueFrom } from 'rxjs';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { AuthApi, AuthWorld, claimsOf, headerOf, ISSUER } from './auth-world.js';

describe('what other services ask auth-service', () => {
  const world = new AuthWorld();
  let app: NestFastifyApplication;
  let api: AuthApi;
  let caller: INestApplicationContext;
  let auth: RequestClient<AuthRequests>;

  const ask = async <P extends keyof AuthRequests>(
    pattern: P,
    payload: AuthRequests[P]['payload'],
    permissions: string[],
  ): Promise<AuthRequests[P]['answer']> => {
    const token = await app.get(AccessTokenSigner).signForService({ id: 'asking-service', permissions });
    return firstValueFrom(auth.send(pattern, payload, { token }));
  };

  beforeAll(async () => {
    app = await world.start();
    await app.startAllMicroservices();
    api = new AuthApi(app);
    const module = await Test.createTestingModule({
      imports: [
        RedisTransportModule.forRootAsync({
          useFactory: () => ({ service: 'asking', redis: testRedisSettings(), namespace: world.namespace }),
        }),
        RedisTransportModule.registerClient({ name: 'AUTH', service: 'auth' }),
      ],
    }).compile();
    caller = await module.init();
    auth = caller.get<RequestClient<AuthRequests>>('AUTH');
  });

  afterAll(async () => {
    await caller.close();
    await world.stop();
  }, 30_000);

  it('is whether a token is accepted, and whom it speaks for', async () => {
    const { accessToken = '', sessionId } = await api.signIn(world.anEmail());
    const verify = (token: string) => ask('auth.verify-token', { token }, ['auth:introspect']);
    const userId = claimsOf(accessToken)['sub'];
    expect(await verify(accessToken)).toMatchObject({ active: true, principal: { id: userId, sessionId } });
    expect(await verify('nonsense')).toEqual({ active: false });
    await api.call('POST', '/v1/auth/logout', { token: accessToken });
    expect(await verify(accessToken)).toEqual({ active: false });
  });

  it('is a session, while it lives', async () => {
    const { accessToken = '', sessionId = '' } = await api.signIn(world.anEmail());
    const userId = String(claimsOf(accessToken)['sub']);
    const get = () => ask('auth.get-session', { userId, sessionId }, ['users:read']);
    expect(await get()).toMatchObject({ session: { id: sessionId, ip: '127.0.0.1' } });
    await api.call('POST', '/v1/auth/logout', { token: accessToken });
    expect(await get()).toEqual({ session: null });
  });

  it('is to end all sessions of a user, once for a message that comes again', async () => {
    const email = world.anEmail();
    const { accessToken = '' } = await api.signIn(email);
    const userId = String(claimsOf(accessToken)['sub']);
    const token = await app
      .get(AccessTokenSigner)
      .signForService({ id: 'asking-service', permissions: ['sessions:revoke'] });
    const end = () =>
      firstValueFrom(auth.send('auth.end-sessions', { userId }, { token, id: `end-${userId}` }));
    expect(await end()).toEqual({ ended: 1 });
    await eventually('it is refused', async () => (await api.me(accessToken)).status === 401);
    const later = (await api.login(email)).body['accessToken'];
    expect(await end()).toEqual({ ended: 1 });
    expect((await api.me(later)).status).toBe(200);
  });

  it('is which revocations are in force', async () => {
    const { accessToken = '', sessionId = '' } = await api.signIn(world.anEmail());
    await api.call('POST', '/v1/auth/logout', { token: accessToken });
    await eventually('it is told', async () => {
      const nonce = crypto.randomUUID();
      const { document } = await ask('auth.revocations', { nonce }, []);
      const claims = claimsOf(document);
      expect(headerOf(document)).toMatchObject({ typ: REVOCATIONS_TYPE });
      expect(claims).toMatchObject({ iss: ISSUER, nonce });
      const revocations = claims['revocations'] as Revocation[];
      return revocations.some(({ kind, id }) => kind === 'session' && id === sessionId);
    });
  });

  it.each([
    ['auth.verify-token', { token: 'x' }, ['users:read']],
    [
      'auth.get-session',
      { userId: crypto.randomUUID(), sessionId: crypto.randomUUID() },
      ['auth:introspect'],
    ],
  ] as const)('%s needs its permission', async (pattern, payload, permissions) => {
    await expect(ask(pattern, payload, [...permissions])).rejects.toMatchObject({
      type: 'insufficient-permission',
    });
  });

  it.each([
    ['auth.verify-token', 'nothing', { token: '' }],
    ['auth.verify-token', 'a huge token', { token: 'x'.repeat(9_000) }],
    ['auth.get-session', 'what are no ids', { userId: 'ada', sessionId: '1' }],
    ['auth.end-sessions', 'what is no id', { userId: 'ada' }],
  ] as const)('%s refuses %s', async (pattern, _case, payload) => {
    await expect(ask(pattern, payload as never, ['*'])).rejects.toMatchObject({ type: 'validation-failed' });
  });
});
