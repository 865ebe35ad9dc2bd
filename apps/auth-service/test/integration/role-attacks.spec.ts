import { DataSource } from 'typeorm';
import { eventually } from '../../../../test/support/eventually.js';
import { PermissionMapPublisher } from '../../src/roles/permission-map.publisher.js';
import { AccessTokenSigner } from '../../src/tokens/access-token.signer.js';
import { RoleWorld } from './role-world.js';

describe('roles, attacked', () => {
  const world = new RoleWorld();

  beforeAll(() => world.startWithAdmin(), 30_000);
  afterAll(() => world.stop(), 30_000);

  /** Somebody who may manage roles and users, and little more; the replica knows it. */
  const aManager = async (more: string[] = [], parent = 'viewer') => {
    const manager = await world.somebody(
      ['roles:read', 'roles:write', 'users:read', 'users:write', ...more],
      parent,
    );
    await eventually(
      'the role is known',
      async () => (await world.role('GET', '', undefined, manager)).status === 200,
    );
    return manager;
  };
  const put = (by: { token: string }, name: string, parent: string, permissions: string[] = []) =>
    world.role('PUT', name, { parent, permissions }, by);
  const shown = async (name: string) => (await world.role('GET', name)).body;

  it('nobody makes one that may do more than they', async () => {
    const manager = await aManager(['tickets:*']);
    for (const [parent, permissions] of [
      ['admin', []],
      ['user', []],
      ['viewer', ['*']],
      ['viewer', ['users:*']],
      ['viewer', ['audit:read']],
      ['viewer', ['roles:write', 'signing-keys:manage']],
      ['guest', ['providers:report']],
    ] as const) {
      const { status, body } = await put(manager, 'more', parent, [...permissions]);
      expect([parent, permissions, status]).toEqual([parent, permissions, 403]);
      expect(body['type']).toBe('insufficient-permission');
    }
    expect((await shown('more'))['status']).toBe(404);
    expect(
      (await put(manager, 'within', 'viewer', ['tickets:close', 'tickets:*', 'users:read'])).status,
    ).toBe(201);
  });

  it('nobody makes one of a higher built-in role than their own, whatever permissions they have', async () => {
    const manager = await aManager(['providers:*'], 'viewer');
    const refused = await put(manager, 'higher', 'user');
    expect([refused.status, refused.body['type']]).toEqual([403, 'insufficient-role']);
    const { id } = await world.aUser('viewer');
    expect((await world.as('PATCH', `/${id}`, { role: 'user' }, manager.token)).body['type']).toBe(
      'insufficient-role',
    );
    expect((await world.as('PATCH', `/${id}`, { role: 'guest' }, manager.token)).status).toBe(200);
  });

  it('nobody adds to the role that they have, nor to another that they then take', async () => {
    const manager = await aManager();
    expect((await put(manager, manager.role, 'admin')).status).toBe(403);
    expect((await put(manager, manager.role, 'viewer', ['*'])).status).toBe(403);
    expect((await world.role('DELETE', manager.role, undefined, manager)).body['type']).toBe('role-in-use');
    const other = await world.aRole(['audit:read']);
    expect((await world.as('PATCH', `/${manager.id}`, { role: other }, manager.token)).status).toBe(403);
    expect((await world.as('PATCH', `/${manager.id}`, { role: 'admin' }, manager.token)).status).toBe(403);
    await world.expectAlive(manager.tokens);
  });

  it('nobody takes from a role, or deletes one, that may do more than they', async () => {
    const manager = await aManager();
    const above = await world.aRole(['audit:read']);
    for (const answer of [
      await put(manager, above, 'guest'),
      await world.role('DELETE', above, undefined, manager),
      await put(manager, await world.aRole([], 'admin'), 'guest'),
    ])
      expect([answer.status, answer.body['type']]).toEqual([403, 'insufficient-permission']);
    expect(await shown(above)).toMatchObject({ parent: 'viewer', permissions: ['audit:read'] });
  });

  it('nobody gets at an account with a role that may do more than they', async () => {
    const manager = await aManager();
    const above = await world.somebody(['audit:read']);
    for (const answer of [
      await world.as('PATCH', `/${above.id}`, { role: 'guest' }, manager.token),
      await world.as('PATCH', `/${above.id}`, { displayName: 'Mallory' }, manager.token),
      await world.as('DELETE', `/${above.id}`, undefined, manager.token),
      await world.as('POST', `/${above.id}/password-reset`, undefined, manager.token),
      await world.as('POST', '', { email: world.anEmail(), role: above.role }, manager.token),
    ])
      expect([answer.status, answer.body['type']]).toEqual([403, 'insufficient-permission']);
    await world.expectAlive(above.tokens);
  });

  it('nobody changes their own role where they change their own account', async () => {
    const { tokens } = await world.aUser();
    for (const body of [{ role: 'admin' }, { permissions: ['*'] }, { displayName: 'Ada', role: 'admin' }]) {
      const answer = await world.api.call('PATCH', '/v1/auth/me', { body, token: tokens['accessToken'] });
      expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    }
    expect((await world.api.me(tokens['accessToken'])).body['role']).toBe('user');
  });

  it('a permission is no role, and a role no permission', async () => {
    const mighty = await world.somebody(['*'], 'guest');
    const byName = await world.somebody(['admin:write', 'roles:writer', 'role:write']);
    await eventually(
      'the role is known',
      async () => (await world.role('GET', '', undefined, mighty)).status === 200,
    );
    expect((await put(byName, 'mine', 'guest')).status).toBe(403);
    // Who may do everything may make whoever may do everything.
    expect((await put(mighty, 'second', 'admin')).status).toBe(201);
    const signer = world.app.get(AccessTokenSigner, { strict: false });
    const service = {
      token: await signer.signForService({ id: 'tool', permissions: ['roles:write', 'users:write'] }),
    };
    expect((await put(service, 'of-a-service', 'viewer')).body['type']).toBe('insufficient-permission');
    expect((await put(service, 'of-a-service', 'guest', ['users:write'])).status).toBe(201);
  });

  it('who has just lost a permission grants it no more, whatever the replica has heard', async () => {
    for (let round = 0; round < 10; round++) {
      const manager = await aManager(['audit:read']);
      const less = {
        parent: 'viewer',
        permissions: ['roles:read', 'roles:write', 'users:read', 'users:write'],
      };
      expect((await world.role('PUT', manager.role, less, { api: world.other })).status).toBe(200);
      expect((await put(manager, `late-${round}`, 'guest', ['audit:read'])).status).toBe(403);
    }
  }, 30_000);

  it('a role is deleted or given, never both', async () => {
    for (let round = 0; round < 30; round++) {
      const role = await world.aRole();
      const { id } = await world.aUser('guest');
      const give = () =>
        round % 2
          ? world.as('PATCH', `/${id}`, { role })
          : world.as('POST', '', { email: world.anEmail(), role });
      const giving = give();
      const deleted = await world.role('DELETE', role, undefined, { api: world.other });
      const given = await giving;
      const holders = await world.query(`SELECT id FROM account WHERE role = $1`, [role]);
      const kept = await world.query(`SELECT name FROM role WHERE name = $1`, [role]);
      if (deleted.status === 204) {
        expect([given.status, given.body['type']]).toEqual([400, 'unknown-role']);
        expect([holders, kept]).toEqual([[], []]);
      } else {
        expect([deleted.status, deleted.body['type']]).toEqual([409, 'role-in-use']);
        expect([holders.length, kept.length, given.status < 300]).toEqual([1, 1, true]);
      }
    }
  }, 60_000);

  it('an open gift keeps a deletion waiting, and an open deletion a gift', async () => {
    const dataSource = world.app.get(DataSource);
    const role = await world.aRole();
    const { id } = await world.aUser('guest');
    const gift = dataSource.createQueryRunner();
    await gift.startTransaction();
    await gift.query(`SELECT FROM role WHERE name = $1 FOR SHARE`, [role]);
    const deleting = world.role('DELETE', role);
    await waiting();
    await gift.query(`UPDATE account SET role = $1 WHERE id = $2`, [role, id]);
    await gift.commitTransaction();
    await gift.release();
    expect((await deleting).body['type']).toBe('role-in-use');

    const free = await world.aRole();
    const deletion = dataSource.createQueryRunner();
    await deletion.startTransaction();
    await deletion.query(`DELETE FROM role WHERE name = $1`, [free]);
    const giving = world.as('PATCH', `/${id}`, { role: free });
    await waiting();
    await deletion.commitTransaction();
    await deletion.release();
    expect((await giving).body['type']).toBe('unknown-role');
  });

  /** Until somebody waits for a lock. */
  const waiting = () =>
    eventually('it waits', async () => {
      const rows = await world.query(
        `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });

  describe('too many', () => {
    const clear = () => world.query(`DELETE FROM role WHERE name LIKE 'much-%'`);
    afterEach(clear);

    it('are refused', async () => {
      const [{ count } = { count: 0 }] = await world.query<{ count: number }>(
        `SELECT count(*)::integer FROM role`,
      );
      await world.query(
        `INSERT INTO role (name, parent, permissions, created_at, updated_at)
         SELECT 'much-' || n, 'guest', '{}', now(), now() FROM generate_series(1, $1::integer) n`,
        [199 - count],
      );
      const answers = await Promise.all(
        Array.from({ length: 5 }, (_, n) =>
          world.role('PUT', `much-more-${n}`, { parent: 'guest', permissions: [] }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
      expect(answers.find(({ status }) => status === 409)?.body['type']).toBe('too-many-roles');
      const [kept] = await world.query<{ count: number }>(`SELECT count(*)::integer FROM role`);
      expect(kept?.count).toBe(200);
    });

    it('permissions are refused; what is kept fits into what verifiers take', async () => {
      let made = 0;
      for (let n = 0; n < 40; n++) {
        const permissions = Array.from(
          { length: 100 },
          (_, k) => `${'r'.repeat(60)}-${n}:${'a'.repeat(60)}-${k}`,
        );
        const { status, body } = await world.role('PUT', `much-${n}`, { parent: 'guest', permissions });
        if (status === 409) {
          expect(body['type']).toBe('too-many-roles');
          break;
        }
        made++;
      }
      expect(made).toBeGreaterThan(5);
      expect(made).toBeLessThan(40);
      const document = await world.app.get(PermissionMapPublisher, { strict: false }).document();
      expect(document.length).toBeGreaterThan(200_000);
      expect(document.length).toBeLessThan(256 * 1024);
      const probe = await world.somebody(['tickets:last']);
      await eventually('a map of this size is known', async () =>
        JSON.stringify(await world.permissionsOf(probe.token, world.other)).includes('tickets:last'),
      );
    }, 30_000);
  });
});
