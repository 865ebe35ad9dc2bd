import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { hasRole, type Principal } from '@gatehouse/auth-contracts';
import { InsufficientRoleError, UnauthenticatedError } from '../access-control.errors.js';
import { principalOfContext } from './request.carrier.js';

/**
 * The caller, a `Principal`. With `{ optional: true }` (on `@OptionalAuth` and `@Public` routes) it is undefined for a
 * guest; otherwise a handler without a caller answers 401.
 */
export const CurrentUser = createParamDecorator(
  (options: { optional?: boolean } | undefined, context: ExecutionContext): Principal | undefined => {
    const principal = principalOfContext(context);
    if (principal === undefined && options?.optional !== true) throw new UnauthenticatedError();
    return principal;
  },
);

/** The caller, who is an admin: it answers 401 or 403 by itself where no guard did. */
export const CurrentAdmin = createParamDecorator(
  (_options: undefined, context: ExecutionContext): Principal => {
    const principal = principalOfContext(context);
    if (principal === undefined) throw new UnauthenticatedError();
    if (!hasRole(principal.builtInRole, 'admin')) throw new InsufficientRoleError('admin');
    return principal;
  },
);
