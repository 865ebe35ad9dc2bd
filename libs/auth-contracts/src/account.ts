import { z } from 'zod';
import { displayName, password } from './account-fields.js';

/** What a user changes of its own account; `null` removes the name. */
export const UpdateMeBody = z.strictObject({ displayName: displayName.nullable().optional() });
export type UpdateMeBody = z.infer<typeof UpdateMeBody>;

export const ChangePasswordBody = z.strictObject({ currentPassword: password, newPassword: password });
export type ChangePasswordBody = z.infer<typeof ChangePasswordBody>;

/** Sets a password without the current one, by a token that an admin or an operator made. */
export const ResetPasswordBody = z.strictObject({ token: z.string().min(1).max(128), newPassword: password });
export type ResetPasswordBody = z.infer<typeof ResetPasswordBody>;

/** Good for one `POST /v1/auth/password-reset`; the next one for the same user replaces it. */
export interface PasswordResetAnswer {
  token: string;
  /** ISO 8601, UTC. */
  expiresAt: string;
}
