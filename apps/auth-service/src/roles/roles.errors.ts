import { DomainError } from '@gatehouse/problem-details';

/** 409 `built-in-role`: it is what it is in every installation. */
export class BuiltInRoleError extends DomainError {
  constructor() {
    super({ type: 'built-in-role', status: 409, title: 'Built-in roles cannot be changed or deleted' });
  }
}

/** 409 `role-in-use`: an account has it. */
export class RoleInUseError extends DomainError {
  constructor() {
    super({ type: 'role-in-use', status: 409, title: 'The role is not deleted while an account has it' });
  }
}

/** 409 `too-many-roles`: every process holds all roles, so there is a limit to them. */
export class TooManyRolesError extends DomainError {
  constructor(detail: string) {
    super({ type: 'too-many-roles', status: 409, title: 'There is no room for this role', detail });
  }
}

/** 400 `unknown-role`: an account cannot have a role that there is not. */
export class UnknownRoleError extends DomainError {
  constructor(name: string) {
    super({ type: 'unknown-role', status: 400, title: 'There is no such role', detail: `No role "${name}"` });
  }
}
