import { AdminWorld } from './admin-world.js';

const NOBODY = '0199f1b2-0000-7000-8000-000000000000';

interface User {
  id: string;
  email: string;
  role: string;
}

describe('users', () => {
  const world = new AdminWorld();

  beforeAll(() => world.startWithAdmin(), 30_000);
  afterAll(() => world.stop(), 30_000);

  const actions = async (id: string) => (await world.told(id)).map(({ action }) => action);

  describe('are listed', () => {
    const page = async (query: string) => {
      const { status, body } = await world.as('GET', `?${query}`);
      expect(status).toBe(200);
      return body as unknown as { items: User[]; nextCursor: string | null };
    };

    it('in the order in which they were made, page by page, each once', async () => {
      const made: string[] = [];
      for (let n = 0; n < 5; n++) made.push((await world.api.register(world.anEmail())).body['id'] ?? '');
      const listed: string[] = [];
      let cursor = '';
      do {
        const { items, nextCursor } = await page(`limit=2${cursor}`);
        expect(items.length).toBeLessThanOrEqual(2);
        listed.push(...items.map(({ id }) => id));
        cursor = nextCursor === null ? '' : `&cursor=${nextCursor}`;
      } while (cursor !== '');
      expect(listed.filter((id) => made.includes(id))).toEqual(made);
      expect(new Set(listed).size).toBe(listed.length);
    });

    it('as they are, without anything of their passwords', async () => {
      const { id, email } = await world.aUser();
      const { items } = await page(`email=${email.toUpperCase()}`);
      expect(items).toEqual([
        {
          ...{ id, email, displayName: null, role: 'user', status: 'active' },
          createdAt: expect.stringMatching(/Z$/) as string,
        },
      ]);
      expect((await world.as('GET', `/${id}`)).body).toEqual(items[0]);
    });

    it('by role and status', async () => {
      const { id } = await world.aUser('viewer');
      await world.as('PATCH', `/${id}`, { status: 'disabled' });
      expect((await page('role=viewer&status=disabled')).items.map((user) => user.id)).toEqual([id]);
      expect((await page('role=viewer&status=active')).items).toEqual([]);
    });

    it.each([
      ['role=Root'],
      ['role=__proto__'],
      ['status=gone'],
      ['email=none'],
      ['limit=0'],
      ['limit=201'],
      ['limit=x'],
      ['cursor=x'],
      ['cursor=dXNlcjox'],
      [`cursor=${'x'.repeat(513)}`],
      ['order=desc'],
    ])('not by %s', async (query) => {
      const { status, body } = await world.as('GET', `?${query}`);
      expect([status, body['type']]).toEqual([400, 'validation-failed']);
    });
  });

  describe('are made', () => {
    it('without a password: the user sets one by a token', async () => {
      const email = world.anEmail();
      const body = { email, role: 'viewer', displayName: 'Ada' };
      const made = await world.as('POST', '', body);
      expect(made.status).toBe(201);
      expect(made.body).toMatchObject({ ...body, status: 'active' });
      expect((await world.api.login(email)).status).toBe(401);
      const { token } = made.body['passwordReset'] as unknown as { token: string };
      const reset = { body: { token, newPassword: 'another long enough phrase' } };
      expect((await world.api.call('POST', '/v1/auth/password-reset', reset)).status).toBe(204);
      const tokens = await world.signIn(email, 'another long enough phrase');
      expect((await world.api.me(tokens['accessToken'])).body).toMatchObject({ email, role: 'viewer' });
      expect(await actions(made.body['id'] ?? '')).toEqual([
        ...['auth.user-created', 'auth.password-reset-requested', 'auth.login-failed', 'auth.password-reset'],
      ]);
    });

    it('once for an email, by ten at once', async () => {
      const email = world.anEmail();
      const answers = await Promise.all(Array.from({ length: 10 }, () => world.as('POST', '', { email })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array<number>(9).fill(409)]);
      expect(answers.find(({ status }) => status === 409)?.body['type']).toBe('email-taken');
    });

    it.each([
      [{}],
      [{ email: 'none' }],
      [{ email: 'a@example.test', role: 'Root' }],
      [{ email: 'a@example.test', password: 'a long enough phrase' }],
      [{ email: 'a@example.test', displayName: 'a\nb' }],
      [[]],
    ])('not of %j', async (body) => {
      const answer = await world.as('POST', '', body);
      expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    });
  });

  describe('are changed', () => {
    it('in role: at once, everywhere, and they sign in with the new one', async () => {
      const { id, email, tokens } = await world.aUser();
      const { status, body } = await world.as('PATCH', `/${id}`, { role: 'admin' });
      expect([status, body['role']]).toEqual([200, 'admin']);
      await world.expectRefused(tokens);
      const asAdmin = await world.signIn(email);
      expect((await world.as('GET', '', undefined, asAdmin['accessToken'])).status).toBe(200);
      await world.as('PATCH', `/${id}`, { role: 'user' });
      await world.expectRefused(asAdmin);
      const changed = (await world.told(id)).filter(({ action }) => action === 'auth.role-changed');
      expect(changed).toMatchObject([
        { category: 'admin', details: { from: 'user', to: 'admin' } },
        { category: 'admin', details: { from: 'admin', to: 'user' } },
      ]);
    });

    it('in status: disabled they are refused at once and do not sign in, enabled they do', async () => {
      const { id, email, tokens } = await world.aUser();
      expect((await world.as('PATCH', `/${id}`, { status: 'disabled' })).body['status']).toBe('disabled');
      await world.expectRefused(tokens);
      expect((await world.api.login(email)).body['type']).toBe('invalid-credentials');
      await world.as('PATCH', `/${id}`, { status: 'active' });
      await world.expectRefused(tokens);
      await world.expectAlive(await world.signIn(email));
      expect(await actions(id)).toEqual(['auth.register', 'auth.user-disabled', 'auth.user-enabled']);
    });

    it('in name only, and by what is so already: no session ends', async () => {
      const { id, tokens } = await world.aUser();
      await world.as('PATCH', `/${id}`, { displayName: 'Ada' });
      await world.as('PATCH', `/${id}`, { role: 'user', status: 'active', displayName: 'Ada' });
      await world.as('PATCH', `/${id}`, {});
      await world.expectAlive(tokens);
      expect(await actions(id)).toEqual(['auth.register', 'auth.user-updated']);
    });

    it('so that a sign-in at the same time does not outlive a disabling', async () => {
      for (let round = 0; round < 5; round++) {
        const { id, email } = await world.aUser();
        const [, ...signedIn] = await Promise.all([
          world.as('PATCH', `/${id}`, { status: 'disabled' }),
          ...Array.from({ length: 4 }, () => world.signIn(email)),
        ]);
        for (const tokens of signedIn) {
          if (tokens['accessToken'] !== undefined) await world.expectRefused(tokens);
        }
      }
    }, 30_000);

    it.each([
      [{ role: 'Root' }],
      [{ role: '__proto__' }],
      [{ role: null }],
      [{ status: 'gone' }],
      [{ email: 'other@example.test' }],
      [{ password: 'a long enough phrase' }],
      [{ epoch: 7 }],
    ])('not by %j', async (body) => {
      const { id, tokens } = await world.aUser();
      const answer = await world.as('PATCH', `/${id}`, body);
      expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
      await world.expectAlive(tokens);
    });
  });

  describe('are deleted', () => {
    it('with their sessions; the trail stays', async () => {
      const { id, email, tokens } = await world.aUser();
      expect((await world.as('DELETE', `/${id}`)).status).toBe(204);
      await world.expectRefused(tokens);
      expect((await world.api.login(email)).status).toBe(401);
      expect((await world.as('GET', `/${id}`)).status).toBe(404);
      expect((await world.as('DELETE', `/${id}`)).status).toBe(404);
      expect(await actions(id)).toEqual(['auth.register', 'auth.user-deleted']);
      expect((await world.api.register(email)).status).toBe(201);
    });

    it('so that a refresh at the same time does not outlive it', async () => {
      for (let round = 0; round < 5; round++) {
        const { id, tokens } = await world.aUser();
        const [refreshed] = await Promise.all([
          world.other.refresh(tokens['refreshToken']),
          world.as('DELETE', `/${id}`),
        ]);
        if (refreshed.status === 200) await world.expectRefused(refreshed.body);
        await world.expectRefused(tokens);
      }
    }, 30_000);
  });

  describe('have their sessions', () => {
    it('listed and ended by an admin', async () => {
      const { id, email, tokens } = await world.aUser();
      const second = await world.signIn(email);
      const listed = (await world.as('GET', `/${id}/sessions`)).body['items'] as unknown as { id: string }[];
      expect(listed.map((session) => session.id)).toEqual([second['sessionId'], tokens['sessionId']]);
      expect(listed[0]).toMatchObject({ current: false, ip: '127.0.0.1' });
      const { status, body } = await world.as('POST', `/${id}/sessions/revoke`);
      expect([status, body]).toEqual([200, { ended: 2 }]);
      for (const session of [tokens, second]) await world.expectRefused(session);
      expect((await world.as('GET', `/${id}/sessions`)).body['items']).toEqual([]);
      await world.expectAlive(await world.signIn(email));
      expect(await actions(id)).toEqual(['auth.register', 'auth.sessions-revoked']);
    });
  });

  const routes = [
    ['GET', ''],
    ['POST', ''],
    ['GET', `/${NOBODY}`],
    ['PATCH', `/${NOBODY}`],
    ['DELETE', `/${NOBODY}`],
    ['POST', `/${NOBODY}/password-reset`],
    ['GET', `/${NOBODY}/sessions`],
    ['POST', `/${NOBODY}/sessions/revoke`],
  ] as const;
  const bodyOf = (method: string, path: string) =>
    method === 'PATCH' ? {} : method === 'POST' && path === '' ? { email: 'new@example.test' } : undefined;

  it.each(routes)('%s %s is for who may, with a token', async (method, path) => {
    const { tokens } = await world.aUser('viewer');
    const body = bodyOf(method, path);
    expect((await world.as(method, path, body, tokens['accessToken'])).body['type']).toBe(
      'insufficient-permission',
    );
    expect((await world.api.call(method, `/v1/auth/users${path}`, { body })).status).toBe(401);
  });

  it.each(routes.filter(([, path]) => path !== ''))('%s %s is not found', async (method, path) => {
    expect((await world.as(method, path, bodyOf(method, path))).status).toBe(404);
  });

  it.each(routes.filter(([, path]) => path !== ''))('%s %s takes ids only', async (method, path) => {
    for (const id of ['1', 'x', "'", '%00', '..%2Fme']) {
      const answer = await world.as(method, path.replace(NOBODY, id), bodyOf(method, path));
      expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
    }
  });
});
