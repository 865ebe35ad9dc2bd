import { BUILT_IN_ROLE_PERMISSIONS, grants } from './permission.js';
import { hasRole, isRole } from './role.js';

describe('grants', () => {
  it.each([
    [['projects:read'], 'projects:read', true],
    [['projects:*'], 'projects:delete', true],
    [['*'], 'audit:read', true],
    [['projects:read'], 'projects:write', false],
    [['project:*'], 'projects:read', false],
    [['projects'], 'projects:read', false],
    [[], 'projects:read', false],
  ])('%j for %s is %s', (granted, needed, expected) => {
    expect(grants(granted, needed)).toBe(expected);
  });
});

describe('roles', () => {
  it('include every lower one', () => {
    expect(hasRole('admin', 'user')).toBe(true);
    expect(hasRole('user', 'user')).toBe(true);
    expect(hasRole('viewer', 'user')).toBe(false);
  });

  it.each([[undefined], ['root'], ['constructor'], ['__proto__'], ['Admin']])(
    '%s is as little as a guest',
    (role) => {
      expect(hasRole(role, 'guest')).toBe(true);
      expect(hasRole(role, 'viewer')).toBe(false);
      expect(isRole(role)).toBe(false);
    },
  );

  it('grant what the design says', () => {
    expect(grants(BUILT_IN_ROLE_PERMISSIONS.user, 'providers:report')).toBe(true);
    expect(grants(BUILT_IN_ROLE_PERMISSIONS.viewer, 'providers:report')).toBe(false);
    expect(grants(BUILT_IN_ROLE_PERMISSIONS.admin, 'audit:read')).toBe(true);
  });
});
