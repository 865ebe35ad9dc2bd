import { z } from 'zod';
import type { PasswordResetAnswer } from './account.js';
import { displayName, email } from './account-fields.js';
import { RoleName } from './role-definition.js';

/** An id in a path. */
export const UserId = z.string().toLowerCase().pipe(z.uuid());

/** A built-in one or one of the platform's own. */
const role = RoleName;

export const USER_STATUSES = ['active', 'disabled'] as const;
export type UserStatus = (typeof USER_STATUSES)[number];
const status = z.enum(USER_STATUSES);

/** Filters are exact; an email in any case. */
export const ListUsersQuery = z.strictObject({
  email: email.optional(),
  role: role.optional(),
  status: status.optional(),
  cursor: z.string().max(512).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ListUsersQuery = z.infer<typeof ListUsersQuery>;

/** No password: nobody chooses one for somebody else. The answer has a token by which the user sets its own. */
export const CreateUserBody = z.strictObject({
  email,
  displayName: displayName.optional(),
  role: role.default('user'),
});
export type CreateUserBody = z.infer<typeof CreateUserBody>;

/** What is not named stays; `displayName: null` removes the name. */
export const UpdateUserBody = z.strictObject({
  role: role.optional(),
  status: status.optional(),
  displayName: displayName.nullable().optional(),
});
export type UpdateUserBody = z.infer<typeof UpdateUserBody>;

/** A user as an admin sees it. */
export interface UserAnswer {
  id: string;
  email: string;
  displayName: string | null;
  role: string;
  status: UserStatus;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** One page in the order in which the accounts were made; `nextCursor` is there when there is another. */
export interface UsersAnswer {
  items: UserAnswer[];
  nextCursor: string | null;
}

export interface CreatedUserAnswer extends UserAnswer {
  passwordReset: PasswordResetAnswer;
}
