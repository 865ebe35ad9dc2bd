import {
  BUILT_IN_ROLE_PERMISSIONS,
  grants,
  hasRole,
  type Principal,
  ROLES,
  type RoleDefinition,
} from '@gatehouse/auth-contracts';
import fc from 'fast-check';
import { requireCoverage } from './require-coverage.js';

const NEEDED = ['a:x', 'a:y', 'b:x', 'providers:read', 'providers:report', 'providers:write'];
const permission = fc.constantFrom(...NEEDED, 'a:*', 'b:*', 'providers:*', '*');
const permissions = fc.uniqueArray(permission, { maxLength: 4 });
const role: fc.Arbitrary<RoleDefinition> = fc.record({ parent: fc.constantFrom(...ROLES), permissions });

/** A user whose role comes to this. */
const user = ({ parent, permissions }: RoleDefinition): Principal => ({
  ...{ id: 'u1', type: 'user', clientId: 'gatehouse', role: 'own', builtInRole: parent },
  permissions: [...BUILT_IN_ROLE_PERMISSIONS[parent], ...permissions],
});
const service = (permissions: string[]): Principal => ({
  ...{ id: 's1', type: 'service', clientId: 's1', permissions },
});
const covers = (by: Principal, given: RoleDefinition) => {
  try {
    requireCoverage(by, given);
    return true;
  } catch {
    return false;
  }
};
const passes = ({ parent, permissions }: RoleDefinition, needed: string) =>
  grants([...BUILT_IN_ROLE_PERMISSIONS[parent], ...permissions], needed);

describe('requireCoverage', () => {
  it('lets nobody give what passes a check that they do not pass themselves', () => {
    const by = fc.oneof(role.map(user), permissions.map(service));
    fc.assert(
      fc.property(by, role, (by, given) => {
        fc.pre(covers(by, given));
        for (const needed of NEEDED)
          if (passes(given, needed)) expect(grants(by.permissions, needed)).toBe(true);
        if (by.role !== undefined && !grants(by.permissions, '*'))
          for (const level of ROLES)
            if (hasRole(given.parent, level)) expect(hasRole(by.builtInRole, level)).toBe(true);
      }),
    );
  });

  it('lets everybody give what they are, or a part of it', () => {
    fc.assert(
      fc.property(role, fc.nat(), (own, n) => {
        expect(covers(user(own), own)).toBe(true);
        const part = { parent: 'guest' as const, permissions: own.permissions.slice(n % 4) };
        expect(covers(user(own), part)).toBe(true);
      }),
    );
  });

  it('takes `*` for every role, and nothing less for admin', () => {
    expect(covers(service(['*']), { parent: 'admin', permissions: [] })).toBe(true);
    expect(covers(service(NEEDED), { parent: 'admin', permissions: [] })).toBe(false);
    expect(covers(user({ parent: 'guest', permissions: ['*'] }), { parent: 'admin', permissions: [] })).toBe(
      true,
    );
  });
});
