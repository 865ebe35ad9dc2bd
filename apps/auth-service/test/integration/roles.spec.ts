import { SUITE_PERMISSIONS } from '@gatehouse/auth-contracts';
import { eventually } from '../../../../test/support/eventually.js';
import { claimsOf } from './auth-world.js';
import { RoleWorld } from './role-world.js';

describe('roles', () => {
  const world = new RoleWorld();

  beforeAll(() => world.startWithAdmin(), 30_000);
  afterAll(() => world.stop(), 30_000);

  const version = async () =>
    (await world.query<{ version: number }>(`SELECT version FROM permission_map`))[0]?.version;
  const told = async (name: string) =>
    (await world.events(world.app, `"${name}"`)).filter(
      ({ target }) => JSON.stringify(target) === JSON.stringify({ type: 'role', id: name }),
    );

  it('are made, replaced and deleted, each told of', async () => {
    const first = { parent: 'viewer', permissions: ['tickets:*', 'users:read', 'tickets:*'] };
    const made = await world.role('PUT', 'support', { ...first, description: ' Answers people ' });
    expect(made.status).toBe(201);
    expect(made.body).toEqual({
      ...{ name: 'support', parent: 'viewer', permissions: ['tickets:*', 'users:read'] },
      ...{ description: 'Answers people', builtIn: false },
      createdAt: expect.stringMatching(/Z$/) as string,
      updatedAt: made.body['createdAt'],
    });
    expect((await world.role('GET', 'support')).body).toEqual(made.body);
    const replaced = await world.role('PUT', 'support', { parent: 'user', permissions: [] });
    expect([replaced.status, replaced.body]).toEqual([
      200,
      {
        ...made.body,
        parent: 'user',
        permissions: [],
        description: null,
        updatedAt: expect.any(String) as string,
      },
    ]);
    expect((await world.role('DELETE', 'support')).status).toBe(204);
    expect((await world.role('GET', 'support')).status).toBe(404);
    expect((await world.role('DELETE', 'support')).status).toBe(404);
    const [was, is] = [
      { parent: 'viewer', permissions: ['tickets:*', 'users:read'] },
      { parent: 'user', permissions: [] },
    ];
    expect(await told('support')).toMatchObject([
      { action: 'auth.role-created', category: 'admin', details: was },
      { action: 'auth.role-updated', details: { ...is, previous: was } },
      { action: 'auth.role-deleted', details: is },
    ]);
  });

  it('that are so already are neither changed nor told of', async () => {
    const body = { parent: 'viewer', permissions: ['a:b', 'c:d'], description: 'Same' };
    await world.role('PUT', 'same', body);
    const before = await version();
    const again = await world.role('PUT', 'same', body);
    expect([again.status, await version()]).toEqual([200, before]);
    expect(await told('same')).toHaveLength(1);
  });

  it('of one name are made once, by ten at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        world.role(
          'PUT',
          'contended',
          { parent: 'viewer', permissions: [`a:b${n}`] },
          { api: n % 2 ? world.api : world.other },
        ),
      ),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array<number>(9).fill(200), 201]);
    expect((await told('contended')).map(({ action }) => action)).toEqual([
      ...['auth.role-created', ...Array<string>(9).fill('auth.role-updated')],
    ]);
  });

  it('are listed, the built-in ones first', async () => {
    await world.role('PUT', 'zebra', { parent: 'viewer', permissions: [] });
    await world.role('PUT', 'alpha', { parent: 'viewer', permissions: [] });
    const { status, body } = await world.role('GET');
    const items = body['items'] as unknown as { name: string; builtIn: boolean }[];
    const names = items.map(({ name }) => name);
    expect([status, body['nextCursor']]).toEqual([200, null]);
    expect(names.slice(0, 4)).toEqual(['admin', 'user', 'viewer', 'guest']);
    expect(names.slice(4)).toEqual(expect.arrayContaining(['alpha', 'zebra']));
    expect(names.slice(4)).toEqual([...names.slice(4)].sort());
    expect(items.filter(({ builtIn }) => builtIn)).toHaveLength(4);
    expect((await world.role('GET', 'admin')).body).toMatchObject({
      parent: null,
      permissions: ['*'],
      builtIn: true,
    });
  });

  it.each(['admin', 'user', 'viewer', 'guest'])(
    '%s is built in: neither replaced nor deleted',
    async (name) => {
      const before = await version();
      for (const answer of [
        await world.role('PUT', name, { parent: 'guest', permissions: [] }),
        await world.role('DELETE', name),
      ])
        expect([answer.status, answer.body['type']]).toEqual([409, 'built-in-role']);
      expect(await version()).toBe(before);
    },
  );

  it('come with a catalogue of what there is to grant', async () => {
    const one = await world.aRole(['tickets:close', 'users:read']);
    const two = await world.aRole(['tickets:close', '*']);
    const { status, body } = await world.api.call('GET', '/v1/auth/permissions', { token: world.admin });
    expect(status).toBe(200);
    const items = body['items'] as unknown as { name: string; roles: string[]; description: string | null }[];
    expect(items.slice(0, SUITE_PERMISSIONS.length).map(({ name }) => name)).toEqual([...SUITE_PERMISSIONS]);
    const of = (name: string) => items.find((item) => item.name === name);
    expect(of('tickets:close')).toEqual({
      name: 'tickets:close',
      description: null,
      suite: false,
      roles: [one, two],
    });
    expect(of('users:read')).toMatchObject({ suite: true, description: expect.any(String) as string });
    expect(of('users:read')?.roles).toContain(one);
    expect(of('providers:read')?.roles).toEqual(expect.arrayContaining(['user', 'viewer']));
    expect(of('*')?.roles).toEqual(['admin', two]);
  });

  describe('are not', () => {
    it.each(['__proto__', 'Support', 'a_b', '-a', 'a-', 'a--b', '1a', 'a b', '%00', 'a'.repeat(65)])(
      'called %s',
      async (name) => {
        for (const method of ['GET', 'PUT', 'DELETE'] as const) {
          const body = method === 'PUT' ? { parent: 'viewer', permissions: [] } : undefined;
          const answer = await world.role(method, encodeURIComponent(name), body);
          expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
        }
      },
    );

    it.each([
      [{}],
      [{ parent: 'viewer' }],
      [{ permissions: [] }],
      [{ parent: 'root', permissions: [] }],
      [{ parent: 'constructor', permissions: [] }],
      [{ parent: '__proto__', permissions: [] }],
      [{ parent: null, permissions: [] }],
      [{ parent: 'viewer', permissions: 'users:read' }],
      [{ parent: 'viewer', permissions: ['users'] }],
      [{ parent: 'viewer', permissions: ['users:'] }],
      [{ parent: 'viewer', permissions: [':read'] }],
      [{ parent: 'viewer', permissions: ['*:read'] }],
      [{ parent: 'viewer', permissions: ['users:read:all'] }],
      [{ parent: 'viewer', permissions: ['Users:read'] }],
      [{ parent: 'viewer', permissions: ['**'] }],
      [{ parent: 'viewer', permissions: ['a:b, *'] }],
      [{ parent: 'viewer', permissions: [`a:${'b'.repeat(127)}`] }],
      [{ parent: 'viewer', permissions: Array.from({ length: 101 }, (_, n) => `a:b${n}`) }],
      [{ parent: 'viewer', permissions: [], description: 'a\nb' }],
      [{ parent: 'viewer', permissions: [], description: 'a'.repeat(201) }],
      [{ parent: 'viewer', permissions: [], builtIn: true }],
      [[]],
    ])('made of %j', async (body) => {
      const answer = await world.role('PUT', 'wrong', body);
      expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    });
  });

  it('of any name come to what they say, and to nothing that JavaScript has under it', async () => {
    const { id } = await world.aUser();
    expect((await world.as('PATCH', `/${id}`, { role: 'constructor' })).body['type']).toBe('unknown-role');
    expect((await world.role('GET', 'constructor')).status).toBe(404);
    expect((await world.role('PUT', 'constructor', { parent: 'viewer', permissions: ['a:b'] })).status).toBe(
      201,
    );
    const { tokens } = await world.aUser('constructor');
    await eventually(
      'it is known',
      async () =>
        JSON.stringify(await world.permissionsOf(tokens['accessToken'] ?? '')) === '["providers:read","a:b"]',
    );
  });

  describe('of users', () => {
    it('are theirs in tokens, and come to what the role does', async () => {
      const role = await world.aRole(['users:read', 'tickets:close']);
      const { id, email, tokens } = await world.aUser(role);
      expect(claimsOf(tokens['accessToken'])['role']).toBe(role);
      for (const api of [world.api, world.other])
        await eventually(
          'it is known',
          async () =>
            (await api.call('GET', '/v1/auth/users?limit=1', { token: tokens['accessToken'] })).status ===
            200,
        );
      expect((await world.api.me(tokens['accessToken'])).body).toMatchObject({
        ...{ id, email, role, permissions: ['providers:read', 'users:read', 'tickets:close'] },
      });
      const refreshed = await world.other.refresh(tokens['refreshToken']);
      expect(claimsOf(refreshed.body['accessToken'])).toMatchObject({ sub: id, role });
      expect((await world.as('GET', `?role=${role}`)).body['items']).toMatchObject([{ id, role }]);
      expect((await world.as('POST', '', { email: world.anEmail() }, tokens['accessToken'])).status).toBe(
        403,
      );
    });

    it('are given when they are made', async () => {
      const role = await world.aRole();
      const made = await world.as('POST', '', { email: world.anEmail(), role });
      expect([made.status, made.body['role']]).toEqual([201, role]);
    });

    it('are never one that there is not', async () => {
      const { id, tokens } = await world.aUser();
      const email = world.anEmail();
      for (const answer of [
        await world.as('POST', '', { email, role: 'nobody-made-this' }),
        await world.as('PATCH', `/${id}`, { role: 'nobody-made-this' }),
      ])
        expect([answer.status, answer.body['type']]).toEqual([400, 'unknown-role']);
      await world.expectAlive(tokens);
      expect((await world.as('GET', `?email=${email}`)).body['items']).toEqual([]);
      expect((await world.as('GET', '?role=nobody-made-this')).body['items']).toEqual([]);
    });

    it('are changed for tokens that are out, by every replica, without ending a session', async () => {
      const { role, tokens, token } = await world.somebody(['users:read']);
      const reads = async (api: typeof world.api) =>
        (await api.call('GET', '/v1/auth/users?limit=1', { token })).status;
      for (const api of [world.api, world.other])
        await eventually('it may', async () => (await reads(api)) === 200);
      await world.role('PUT', role, { parent: 'viewer', permissions: [] });
      for (const api of [world.api, world.other])
        await eventually('it may not', async () => (await reads(api)) === 403);
      await world.role('PUT', role, { parent: 'admin', permissions: [] });
      for (const api of [world.api, world.other])
        await eventually('it may again', async () => (await reads(api)) === 200);
      await world.expectAlive(tokens);
    });
  });

  it('that an account has are not deleted, until it has another', async () => {
    const role = await world.aRole();
    const { id } = await world.aUser(role);
    const refused = await world.role('DELETE', role);
    expect([refused.status, refused.body['type']]).toEqual([409, 'role-in-use']);
    await world.as('PATCH', `/${id}`, { role: 'user' });
    expect((await world.role('DELETE', role)).status).toBe(204);
  });

  it('are for who may read or write them', async () => {
    const nobody = (await world.somebody([])).token;
    const reader = (await world.somebody(['roles:read'])).token;
    const body = { parent: 'guest', permissions: [] };
    const calls = [
      ['GET', '/v1/auth/roles'],
      ['GET', '/v1/auth/roles/admin'],
      ['GET', '/v1/auth/permissions'],
      ['PUT', '/v1/auth/roles/mine', body],
      ['DELETE', '/v1/auth/roles/mine'],
    ] as const;
    await eventually(
      'the role is known',
      async () => (await world.role('GET', '', undefined, { token: reader })).status === 200,
    );
    for (const [method, path, sent] of calls) {
      expect((await world.api.call(method, path, { body: sent })).status).toBe(401);
      expect((await world.api.call(method, path, { body: sent, token: nobody })).body['type']).toBe(
        'insufficient-permission',
      );
      const expected = method === 'GET' ? 200 : 403;
      expect((await world.api.call(method, path, { body: sent, token: reader })).status).toBe(expected);
    }
  });
});
