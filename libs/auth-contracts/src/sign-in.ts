import { z } from 'zod';
import { displayName, email, password } from './account-fields.js';

export const RegisterBody = z.strictObject({
  email,
  password,
  displayName: displayName.optional(),
});
export type RegisterBody = z.infer<typeof RegisterBody>;

export const LoginBody = z.strictObject({
  email,
  password,
  /** As an earlier login gave it: tells that this device has signed in before. */
  deviceToken: z.string().max(512).optional(),
  device: z.strictObject({ name: z.string().trim().min(1).max(100).optional() }).optional(),
});
export type LoginBody = z.infer<typeof LoginBody>;

export const RefreshBody = z.strictObject({ refreshToken: z.string().min(1).max(8_192) });
export type RefreshBody = z.infer<typeof RefreshBody>;

/** The tokens of a session. */
export interface TokenPair {
  accessToken: string;
  refreshToken: string;
  tokenType: 'Bearer';
  /** Seconds that the access token lives. */
  expiresIn: number;
  /** Seconds until the session ends without another refresh. */
  refreshExpiresIn: number;
  sessionId: string;
}

export interface LoginAnswer extends TokenPair {
  /** Keep it and send it with the next login from this device. */
  deviceToken: string;
}

export interface AccountAnswer {
  id: string;
  email: string;
  displayName: string | null;
  role: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

export interface MeAnswer {
  id: string;
  email: string;
  displayName: string | null;
  role: string;
  permissions: readonly string[];
  sessionId: string;
}
