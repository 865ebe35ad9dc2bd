import { type OpenAccessControl, PermissionManager } from '@gatehouse/access-control';
import type { AuthRequests } from '@gatehouse/auth-contracts';
import { type RequestClient, RedisTransportModule } from '@gatehouse/redis-transport';
import { Test } from '@nestjs/testing';
import { firstValueFrom } from 'rxjs';
import { eventually } from '../../../../test/support/eventually.js';
import { testRedisSettings } from '../../../../test/support/redis.js';
import { RoleWorld } from './role-world.js';
import { VerifyingProcesses } from './verifying-processes.js';

describe('what roles come to, in other processes', () => {
  const world = new RoleWorld();
  const permissions = new PermissionManager();
  const processes = new VerifyingProcesses(world);

  const open = () => processes.open();
  const may = async ({ verifier }: OpenAccessControl, token: string, permission: string) =>
    permissions.checkPermission((await verifier.authenticate(token)).principal, permission);

  beforeAll(async () => {
    await processes.start();
  }, 30_000);
  afterAll(() => processes.stop(), 30_000);

  it('is changed by a change of the role, for a token that is out', async () => {
    const early = await open();
    const { role, token } = await world.somebody(['tickets:close']);
    await eventually('it may', () => may(early, token, 'tickets:close'));
    const late = await open();
    expect(await may(late, token, 'tickets:close')).toBe(true);
    const put = (parent: string, of: string[]) => world.role('PUT', role, { parent, permissions: of });
    await put('user', ['tickets:read']);
    for (const control of [early, late]) {
      await eventually('it may not', async () => !(await may(control, token, 'tickets:close')));
      expect(await may(control, token, 'tickets:read')).toBe(true);
      const { principal } = await control.verifier.authenticate(token);
      expect([principal.role, permissions.hasRole(principal, 'user')]).toEqual([role, true]);
    }
    await put('guest', []);
    for (const control of [early, late])
      await eventually('it is as little as a guest', async () => {
        const { principal } = await control.verifier.authenticate(token);
        return principal.permissions.length === 0 && !permissions.hasRole(principal, 'viewer');
      });
  });

  it('is what an API key of a user with the role may do at most, whatever it was made for', async () => {
    const { role, token } = await world.somebody(['users:read']);
    const asUser = () => world.as('GET', '?limit=1', undefined, token);
    await eventually('it may', async () => (await asUser()).status === 200);
    const body = { name: 'reading', permissions: ['users:read'] };
    const { key = '' } = (await world.api.call('POST', '/v1/auth/api-keys', { body, token })).body;
    const byKey = (method: 'GET' | 'POST', sent?: object) =>
      world.api.call(method, '/v1/auth/users', { body: sent, headers: { 'x-api-key': key } });
    expect((await byKey('GET')).status).toBe(200);
    await world.role('PUT', role, { parent: 'viewer', permissions: [] });
    await eventually('the key may not', async () => (await byKey('GET')).status === 403);
    await world.role('PUT', role, { parent: 'admin', permissions: [] });
    await eventually('the key may again', async () => (await byKey('GET')).status === 200);
    expect((await byKey('POST', { email: world.anEmail() })).status).toBe(403);
  });

  it('is asked for by messages as by routes', async () => {
    const target = await world.aUser();
    const module = await Test.createTestingModule({
      imports: [
        RedisTransportModule.forRootAsync({
          useFactory: () => ({ service: 'asking', redis: testRedisSettings(), namespace: world.namespace }),
        }),
        RedisTransportModule.registerClient({ name: 'AUTH', service: 'auth' }),
      ],
    }).compile();
    const caller = await module.init();
    const auth = caller.get<RequestClient<AuthRequests>>('AUTH');
    const end = (token: string) =>
      firstValueFrom(auth.send('auth.end-sessions', { userId: target.id }, { token }));
    try {
      const reader = await world.somebody(['users:read', 'sessions:read'], 'user');
      const revoker = await world.somebody(['sessions:revoke'], 'guest');
      await expect(end(reader.token)).rejects.toMatchObject({ type: 'insufficient-permission' });
      await world.expectAlive(target.tokens);
      let ended: unknown;
      await eventually('it may', async () => {
        ended = await end(revoker.token).catch(() => undefined);
        return ended !== undefined;
      });
      expect(ended).toEqual({ ended: 1 });
      await world.expectRefused(target.tokens);
    } finally {
      await caller.close();
    }
  });

  it('is told of by any replica when whoever changed it died before it told', async () => {
    const control = await open();
    const { role, token } = await world.somebody(['tickets:close']);
    await eventually('it may', () => may(control, token, 'tickets:close'));
    // What a commit leaves whose process was killed right after it.
    await world.query(
      `WITH changed AS (UPDATE role SET permissions = '{}' WHERE name = $1)
       UPDATE permission_map SET version = version + 1`,
      [role],
    );
    await eventually('it may not', async () => !(await may(control, token, 'tickets:close')));
  });

  it('is the same after changes at the same time by two replicas', async () => {
    const control = await open();
    const { role, token } = await world.somebody([]);
    for (let round = 0; round < 5; round++) {
      await Promise.all(
        Array.from({ length: 6 }, (_, n) =>
          world.role(
            'PUT',
            role,
            { parent: 'guest', permissions: [`round:${round}`, `change:${n}`] },
            { api: n % 2 === 0 ? world.api : world.other },
          ),
        ),
      );
      const kept = (await world.role('GET', role)).body['permissions'] as unknown as string[];
      await eventually('the last one is known', async () => {
        const { principal } = await control.verifier.authenticate(token);
        return JSON.stringify(principal.permissions) === JSON.stringify(kept);
      });
    }
  });
});
