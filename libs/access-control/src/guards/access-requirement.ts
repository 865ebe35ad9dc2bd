import type { Role } from '@gatehouse/auth-contracts';

/** What decorators put on a handler or on its class. */
export interface AccessMetadata {
  mode?: 'public' | 'optional';
  role?: Role;
  /** All of them. */
  permissions?: readonly string[];
  /** One of them. */
  anyPermission?: readonly string[];
}

/** What a request must fulfil. */
export interface AccessRequirement {
  mode: 'public' | 'optional' | 'required';
  role?: Role;
  permissions: readonly string[];
  anyPermission: readonly string[];
}

/**
 * What holds for a handler: what is said on it replaces what is said on its class, kind by kind. `@Public` and
 * `@OptionalAuth` on a handler replace all of the class; a role or permission on a handler of a `@Public` class makes it
 * need a token. With nothing said at all, a valid token is needed.
 */
export function accessRequirement(handler: AccessMetadata, controller: AccessMetadata): AccessRequirement {
  const asks =
    handler.role !== undefined || handler.permissions !== undefined || handler.anyPermission !== undefined;
  const inherited = handler.mode === undefined ? controller : {};
  return {
    mode: handler.mode ?? (asks ? 'required' : (controller.mode ?? 'required')),
    role: handler.role ?? inherited.role,
    permissions: handler.permissions ?? inherited.permissions ?? [],
    anyPermission: handler.anyPermission ?? inherited.anyPermission ?? [],
  };
}
