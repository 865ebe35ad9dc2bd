import { eventually } from '../../../../test/support/eventually.js';
import { AccessTokenSigner } from '../../src/tokens/access-token.signer.js';
import { AdminWorld } from './admin-world.js';
import { claimsOf } from './auth-world.js';

describe('the admins', () => {
  let world: AdminWorld;

  beforeEach(async () => {
    world = new AdminWorld();
    await world.startWithAdmin();
  }, 30_000);
  afterEach(() => world.stop(), 30_000);

  const activeAdmins = () =>
    world.query<{ id: string }>(`SELECT id FROM account WHERE role = 'admin' AND status = 'active'`);
  const change = (id: string, how: 'demote' | 'disable' | 'delete', token?: string) =>
    how === 'delete'
      ? world.as('DELETE', `/${id}`, undefined, token)
      : world.as('PATCH', `/${id}`, how === 'demote' ? { role: 'user' } : { status: 'disabled' }, token);

  it('keep the last of them, who goes on', async () => {
    const id = String(claimsOf(world.admin)['sub']);
    for (const how of ['demote', 'disable', 'delete'] as const) {
      const { status, body } = await change(id, how);
      expect([status, body['type']]).toEqual([409, 'last-admin']);
    }
    expect((await world.as('PATCH', `/${id}`, { displayName: 'Root' })).status).toBe(200);
    expect(await activeAdmins()).toEqual([{ id }]);
    expect((await world.api.me(world.admin)).status).toBe(200);
  });

  it('do not count one who is disabled', async () => {
    const id = String(claimsOf(world.admin)['sub']);
    const second = await world.aUser('admin');
    await change(second.id, 'disable');
    expect((await change(id, 'demote')).status).toBe(409);
    expect((await change(second.id, 'delete')).status).toBe(204);
  });

  it('who take each other away at the same time leave one', async () => {
    const ways = ['demote', 'disable', 'delete'] as const;
    let keeper = { id: String(claimsOf(world.admin)['sub']), token: world.admin };
    for (let round = 0; round < 9; round++) {
      world.admin = keeper.token;
      const second = await world.aUser('admin');
      const admins = [keeper, { id: second.id, token: second.tokens['accessToken'] ?? '' }] as const;
      const [one, two] = admins;
      const answers = await Promise.all([
        change(two.id, ways[round % 3] ?? 'demote', one.token),
        change(one.id, ways[Math.floor(round / 3)] ?? 'demote', two.token),
      ]);
      // One of them is done; the other is told that it would be the last, or is no admin any more.
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      expect(answers.every(({ status }) => [200, 204, 401, 409].includes(status))).toBe(true);
      const left = await activeAdmins();
      expect(left).toHaveLength(1);
      keeper = admins.find(({ id }) => id === left[0]?.id) ?? keeper;
    }
  }, 60_000);

  it('who all resign at the same time leave one', async () => {
    const others = [];
    for (let n = 0; n < 5; n++) others.push(await world.aUser('admin'));
    const answers = await Promise.all(
      [
        { id: String(claimsOf(world.admin)['sub']), token: world.admin },
        ...others.map(({ id, tokens }) => ({ id, token: tokens['accessToken'] })),
      ].map(({ id, token }) => change(id, 'demote', token)),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 200, 200, 200, 409]);
    expect(await activeAdmins()).toHaveLength(1);
  }, 30_000);

  it('are not made up for by a role of the platform that counts as one', async () => {
    const id = String(claimsOf(world.admin)['sub']);
    const role = (name: string, method: 'PUT' | 'DELETE' = 'PUT') => {
      const body = method === 'PUT' ? { parent: 'admin', permissions: ['*'] } : undefined;
      return world.api.call(method, `/v1/auth/roles/${name}`, { body, token: world.admin });
    };
    expect((await role('deputy')).status).toBe(201);
    const deputy = await world.aUser('deputy');
    const token = deputy.tokens['accessToken'];
    await eventually('it may', async () => (await world.as('GET', '', undefined, token)).status === 200);
    for (const by of [world.admin, token]) {
      const replaced = await world.as('PATCH', `/${id}`, { role: 'deputy' }, by);
      expect([replaced.status, replaced.body['type']]).toEqual([409, 'last-admin']);
      expect((await world.as('DELETE', `/${id}`, undefined, by)).body['type']).toBe('last-admin');
    }
    // The role itself cannot be made another either, by its name.
    for (const answer of [await role('admin'), await role('admin', 'DELETE')])
      expect([answer.status, answer.body['type']]).toEqual([409, 'built-in-role']);
    expect(await activeAdmins()).toEqual([{ id }]);
  });

  it('who give each other another role at the same time, while it is changed, leave one', async () => {
    let keeper = { id: String(claimsOf(world.admin)['sub']), token: world.admin };
    for (let round = 0; round < 6; round++) {
      world.admin = keeper.token;
      const put = (permissions: string[]) => {
        const body = { parent: 'admin', permissions };
        return world.other.call('PUT', '/v1/auth/roles/deputy', { body, token: keeper.token });
      };
      await put([`round:${round}`]);
      const second = await world.aUser('admin');
      const admins = [keeper, { id: second.id, token: second.tokens['accessToken'] ?? '' }] as const;
      const [one, two] = admins;
      const give = (id: string, token: string) => world.as('PATCH', `/${id}`, { role: 'deputy' }, token);
      const [changed, ...answers] = await Promise.all([
        put([`round:${round}`, 'more:rights']),
        give(two.id, one.token),
        give(one.id, two.token),
      ]);
      // Whoever was demoted first is no admin any more when its own call comes to be decided.
      expect([200, 401]).toContain(changed.status);
      expect(answers.filter(({ status }) => status < 300)).toHaveLength(1);
      expect(answers.every(({ status }) => [200, 401, 409].includes(status))).toBe(true);
      const left = await activeAdmins();
      expect(left).toHaveLength(1);
      keeper = admins.find(({ id }) => id === left[0]?.id) ?? keeper;
    }
  }, 60_000);

  it('are not made, changed or reset by who may less than they', async () => {
    const signer = world.app.get(AccessTokenSigner, { strict: false });
    const permissions = ['users:read', 'users:write', 'providers:read', 'providers:report'];
    const token = await signer.signForService({ id: 'provisioning', permissions });
    const id = String(claimsOf(world.admin)['sub']);
    const user = await world.aUser();
    for (const answer of [
      await world.as('POST', '', { email: world.anEmail(), role: 'admin' }, token),
      await world.as('PATCH', `/${user.id}`, { role: 'admin' }, token),
      await world.as('PATCH', `/${id}`, { displayName: 'Mallory' }, token),
      await world.as('DELETE', `/${id}`, undefined, token),
      await world.as('POST', `/${id}/password-reset`, undefined, token),
    ])
      expect([answer.status, answer.body['type']]).toEqual([403, 'insufficient-permission']);
    expect((await world.as('PATCH', `/${user.id}`, { role: 'viewer' }, token)).status).toBe(200);
    expect((await world.as('POST', `/${user.id}/sessions/revoke`, undefined, token)).status).toBe(403);
    expect((await world.told(user.id)).at(-1)).toMatchObject({
      action: 'auth.role-changed',
      actor: { type: 'service', id: 'provisioning' },
    });
  });
});
