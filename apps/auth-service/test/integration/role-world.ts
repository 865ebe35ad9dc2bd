import { AdminWorld } from './admin-world.js';
import type { Answer, AuthApi } from './auth-world.js';

/** auth-service with an admin, twice; and what tests of roles ask of it. */
export class RoleWorld extends AdminWorld {
  private names = 0;

  /** A call about roles, in the name of the first admin or of somebody else. */
  role(
    method: Parameters<AuthApi['call']>[0],
    name = '',
    body?: unknown,
    { token = this.admin, api = this.api }: { token?: string; api?: AuthApi } = {},
  ): Promise<Answer> {
    const path = name === '' ? '' : `/${name}`;
    return api.call(method, `/v1/auth/roles${path}`, { body, token });
  }

  /** Makes a role. @returns its name */
  async aRole(permissions: string[] = [], parent = 'viewer'): Promise<string> {
    const name = `role-${++this.names}`;
    const { status, body } = await this.role('PUT', name, { parent, permissions });
    if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
    return name;
  }

  /** Somebody with a role of these permissions, signed in. */
  async somebody(permissions: string[], parent = 'viewer') {
    const role = await this.aRole(permissions, parent);
    const user = await this.aUser(role);
    return { ...user, role, token: user.tokens['accessToken'] ?? '' };
  }

  async permissionsOf(token: string, api: AuthApi = this.api): Promise<unknown> {
    return (await api.me(token)).body['permissions'];
  }
}
