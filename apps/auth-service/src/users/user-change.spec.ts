import { userChange } from './user-change.js';

const USER = { role: 'user', status: 'active', displayName: 'Ada' } as const;
const ADMIN = { ...USER, role: 'admin' } as const;

describe('userChange', () => {
  it.each([
    ['nothing asked', USER, {}],
    ['what is so already', USER, { role: 'user', status: 'active', displayName: 'Ada' }],
  ] as const)('is none for %s', (_case, user, asked) => {
    expect(userChange(user, asked)).toEqual({
      ...{ fields: {}, events: [], endsSessions: false, removesAdmin: false },
    });
  });

  it('of a name ends no session', () => {
    expect(userChange(ADMIN, { displayName: null })).toEqual({
      fields: { displayName: null },
      events: [{ action: 'auth.user-updated', details: { changed: ['displayName'] } }],
      ...{ endsSessions: false, removesAdmin: false },
    });
  });

  it.each([
    [ADMIN, { role: 'user' }, true],
    [ADMIN, { status: 'disabled' }, true],
    [{ ...ADMIN, status: 'disabled' }, { role: 'user' }, false],
    [{ ...ADMIN, status: 'disabled' }, { status: 'active' }, false],
    [USER, { role: 'admin' }, false],
    [USER, { role: 'viewer' }, false],
  ] as const)('of %j by %j ends its sessions; removes an admin: %s', (user, asked, removesAdmin) => {
    expect(userChange(user, asked)).toMatchObject({ fields: asked, endsSessions: true, removesAdmin });
  });

  it('tells each of several changes', () => {
    const asked = { role: 'viewer', status: 'disabled', displayName: 'Bob' } as const;
    expect(userChange(USER, asked).events.map(({ action }) => action)).toEqual([
      ...['auth.user-updated', 'auth.role-changed', 'auth.user-disabled'],
    ]);
    expect(userChange({ ...USER, status: 'disabled' }, { status: 'active' }).events).toEqual([
      { action: 'auth.user-enabled' },
    ]);
  });
});
