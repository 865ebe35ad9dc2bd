import { identityHeaders } from './identity-headers.js';

const user = { id: 'u1', type: 'user', clientId: 'gatehouse' } as const;

describe('identityHeaders', () => {
  it('tell of a user', () => {
    const permissions = ['a:b', 'c:*'];
    expect(identityHeaders({ ...user, role: 'user', sessionId: 's1', permissions })).toEqual({
      ...{ 'x-auth-subject': 'u1', 'x-auth-role': 'user', 'x-auth-session': 's1' },
      'x-auth-permissions': 'a:b,c:*',
    });
  });

  it('leave out what there is not', () => {
    expect(identityHeaders({ ...user, permissions: [] })).toEqual({
      ...{ 'x-auth-subject': 'u1', 'x-auth-permissions': '' },
    });
  });

  it('leave out permissions of more than 2 KB', () => {
    const of = (length: number) => identityHeaders({ ...user, permissions: ['a:'.padEnd(length, 'b')] });
    expect(of(2_048)).toHaveProperty('x-auth-permissions');
    expect(of(2_049)).not.toHaveProperty('x-auth-permissions');
  });
});
