import { openAccessControl, type OpenAccessControl, PermissionManager } from '@gatehouse/access-control';
import { Logger } from '@nestjs/common';
import { aKey, aToken } from '../../../../test/support/access-tokens.js';
import { eventually } from '../../../../test/support/eventually.js';
import { Platform, signedMap } from '../../../../test/support/platform.js';

// What is refused is warned of: here it is meant to be so.
beforeAll(() => void Logger.overrideLogger(false));

describe("the platform's own roles", () => {
  let platform: Platform;
  const opened: OpenAccessControl[] = [];
  const permissions = new PermissionManager();

  beforeAll(async () => {
    platform = await new Platform().open();
    platform.map = { version: 1, roles: { support: { parent: 'viewer', permissions: ['tickets:*'] } } };
  });

  afterAll(async () => {
    await Promise.all(opened.map((control) => control.close()));
    await platform.close();
  });

  const open = async () => {
    const control = await openAccessControl(platform.options());
    opened.push(control);
    await eventually('the roles are known', () => control.roles.version !== undefined);
    await eventually('the revocations are known', () => control.revocations.isFresh);
    return control;
  };
  const ofSupport = async ({ verifier }: OpenAccessControl, role = 'support') =>
    (await verifier.authenticate(await aToken(platform.key, { claims: { role } }))).principal;

  it('have the rights of their parent and their own', async () => {
    const principal = await ofSupport(await open());
    expect(principal).toMatchObject({ role: 'support', builtInRole: 'viewer' });
    const may = (permission: string) => permissions.checkPermission(principal, permission);
    expect(['tickets:close', 'providers:read', 'providers:report', 'users:read'].map(may)).toEqual([
      ...[true, true, false, false],
    ]);
    expect(permissions.hasRole(principal, 'viewer')).toBe(true);
    expect(permissions.hasRole(principal, 'user')).toBe(false);
  });

  it('may do nothing where there is no such role', async () => {
    const control = await open();
    for (const role of ['nobody', 'constructor', '__proto__']) {
      const principal = await ofSupport(control, role);
      expect(principal.permissions).toEqual([]);
      expect(permissions.hasRole(principal, 'viewer')).toBe(false);
    }
  });

  it('change for tokens that are out already', async () => {
    const control = await open();
    expect(permissions.checkPermission(await ofSupport(control), 'tickets:close')).toBe(true);
    await platform.changeRoles({ support: { parent: 'viewer', permissions: ['tickets:read'] } });
    await eventually('it is known', async () => {
      return !permissions.checkPermission(await ofSupport(control), 'tickets:close');
    });
    expect(permissions.checkPermission(await ofSupport(control), 'tickets:read')).toBe(true);
  });

  it('are answered 503 for while it is not known which there are', async () => {
    await platform.stop();
    const control = await openAccessControl(platform.options());
    opened.push(control);
    await eventually('the keys are known', () =>
      control.keys.check().then(
        () => true,
        () => false,
      ),
    );
    await expect(ofSupport(control)).rejects.toMatchObject({ status: 503 });
    await platform.start();
    await eventually('it is known', () => control.roles.version !== undefined);
  });

  describe('come from auth-service alone: nothing is taken of a document', () => {
    const rights = { version: 1_000, roles: { support: { parent: 'admin' as const, permissions: ['*'] } } };
    const minutesAgo = () => Math.floor(Date.now() / 1000) - 180;
    it.each<[string, () => Promise<string>]>([
      ['that a stranger signed', async () => signedMap(await aKey('k1'), rights)],
      ['of an unknown key', async () => signedMap(await aKey('k9'), rights)],
      ['that is a token', () => signedMap(platform.key, rights, { typ: 'at+jwt' })],
      ['of another issuer', () => signedMap(platform.key, rights, { issuer: 'https://other.test' })],
      ['that was signed long ago', () => signedMap(platform.key, rights, { iat: minutesAgo() })],
      ['of an earlier version', () => signedMap(platform.key, { ...rights, version: 1 })],
      ['with a role whose parent there is not', () => signedMap(platform.key, withParent('root'))],
      ['that is none', async () => 'e30.e30.e30'],
      ['that is not text', async () => ({}) as string],
    ])('%s', async (_what, document) => {
      const control = await open();
      const before = control.roles.version;
      await platform.announce(await document());
      // A change that comes after it in order shows that it has been looked at.
      await platform.changeRoles({ support: { parent: 'viewer', permissions: ['tickets:read'] } });
      await eventually('the next is known', () => (control.roles.version ?? 0) > (before ?? 0));
      const principal = await ofSupport(control);
      expect(principal).toMatchObject({ builtInRole: 'viewer' });
      expect(permissions.checkPermission(principal, 'tickets:write')).toBe(false);
    });

    const withParent = (parent: string) =>
      ({ version: 1_000, roles: { support: { parent, permissions: ['*'] } } }) as unknown as typeof rights;
  });
});
