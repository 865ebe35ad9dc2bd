import { Injectable } from '@nestjs/common';
import { grants, type Principal } from '@gatehouse/auth-contracts';
import { InsufficientPermissionError } from './access-control.errors.js';

/** Decides permissions, in guards and anywhere else. */
@Injectable()
export class PermissionManager {
  /** Whether the principal may do this: granted as itself, as `resource:*`, or as `*`. */
  checkPermission(principal: Principal, permission: string): boolean {
    return grants(principal.permissions, permission);
  }

  /** @throws InsufficientPermissionError (403) when the principal may not */
  requirePermission(principal: Principal, permission: string): void {
    if (!this.checkPermission(principal, permission))
      throw new InsufficientPermissionError([permission], 'all');
  }
}
