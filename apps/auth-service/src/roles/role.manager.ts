import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import { isRole, type Principal, type PutRoleBody, type RoleAnswer } from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { DataSource, type EntityManager } from 'typeorm';
import { AccountManager } from '../accounts/account.manager.js';
import { PermissionMapPublisher } from './permission-map.publisher.js';
import { toRole } from './role-answer.js';
import { RoleEditor } from './role.editor.js';
import { BuiltInRoleError, RoleInUseError } from './roles.errors.js';

/** Who does it, and by which request. */
export interface By {
  by: Principal;
  request: RequestContext;
}

/** Makes, changes and deletes the platform's own roles. A change holds for tokens that are out already. */
@Injectable()
export class RoleManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly editor: RoleEditor,
    private readonly accounts: AccountManager,
    private readonly publisher: PermissionMapPublisher,
    private readonly audit: SecurityAudit,
  ) {}

  /**
   * Makes the role, or replaces what it was.
   *
   * @throws BuiltInRoleError, InsufficientPermissionError, InsufficientRoleError, TooManyRolesError
   */
  async put(name: string, body: PutRoleBody, said: By): Promise<{ role: RoleAnswer; made: boolean }> {
    if (isRole(name)) throw new BuiltInRoleError();
    const { parent, permissions, description = null } = body;
    const result = await this.dataSource.transaction(async (manager) => {
      const before = await this.editor.lock(manager, name, said.by);
      if (before !== undefined && isDeepStrictEqual(contentOf(before), { parent, permissions, description }))
        return { role: toRole(before), made: false };
      const now = new Date();
      const createdAt = before?.createdAt ?? now;
      const role = { ...{ name, parent, permissions, description }, createdAt, updatedAt: now };
      await this.editor.save(manager, role, said.by);
      const details = { parent, permissions };
      if (before === undefined)
        await this.tell(manager, name, said, { action: 'auth.role-created', details });
      else {
        const previous = { parent: before.parent, permissions: before.permissions };
        await this.tell(manager, name, said, {
          action: 'auth.role-updated',
          details: { ...details, previous },
        });
      }
      return { role: toRole(role), made: before === undefined };
    });
    await this.publisher.announce();
    return result;
  }

  /** @throws BuiltInRoleError, NotFoundError, InsufficientPermissionError, InsufficientRoleError, RoleInUseError */
  async remove(name: string, said: By): Promise<void> {
    if (isRole(name)) throw new BuiltInRoleError();
    await this.dataSource.transaction(async (manager) => {
      const role = await this.editor.lock(manager, name, said.by);
      if (role === undefined) throw new NotFoundError();
      if (await this.accounts.hasRole(manager, name)) throw new RoleInUseError();
      await this.editor.remove(manager, name);
      const details = { parent: role.parent, permissions: role.permissions };
      await this.tell(manager, name, said, { action: 'auth.role-deleted', details });
    });
    await this.publisher.announce();
  }

  private async tell(
    manager: EntityManager,
    name: string,
    { by, request }: By,
    event: { action: string; details: Record<string, unknown> },
  ): Promise<void> {
    await this.audit.enlist(manager).logAdminEvent({
      ...{ ...event, outcome: 'success' },
      actor: { type: by.type, id: by.id },
      target: { type: 'role', id: name },
      context: { ...request, sessionId: by.sessionId },
    });
  }
}

const contentOf = ({
  parent,
  permissions,
  description,
}: Omit<PutRoleBody, 'description'> & { description: string | null }) => ({
  ...{ parent, permissions, description },
});
