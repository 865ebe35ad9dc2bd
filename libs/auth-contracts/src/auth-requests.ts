import { z } from 'zod';
import type { VerifyApiKey, VerifyApiKeyAnswer } from './api-key.js';
import type { Principal } from './principal.js';
import type { Revocation } from './revocation.js';
import type { LogoutAllAnswer, SessionAnswer } from './session.js';

export const VerifyToken = z.strictObject({ token: z.string().min(1).max(8_192) });
export type VerifyToken = z.infer<typeof VerifyToken>;

/** Whether a token is accepted now, and whom it speaks for. */
export type VerifyTokenAnswer = { active: true; principal: Principal } | { active: false };

export const GetSession = z.strictObject({ userId: z.uuid(), sessionId: z.uuid() });
export type GetSession = z.infer<typeof GetSession>;

/** `null` when there is no such session, or it has ended. */
export interface GetSessionAnswer {
  session: SessionAnswer | null;
}

export const EndSessions = z.strictObject({ userId: z.uuid() });
export type EndSessions = z.infer<typeof EndSessions>;

export const ListRevocations = z.strictObject({ after: z.uuid().optional() });
export type ListRevocations = z.infer<typeof ListRevocations>;

/** `next` is there when there may be more: send it as `after`. */
export interface RevocationsAnswer {
  revocations: Revocation[];
  next?: string;
}

/** What auth-service answers to other services, `RequestClient<AuthRequests>`. */
export interface AuthRequests {
  /** Needs `auth:introspect`. Services verify tokens by themselves; this is for those that cannot. */
  'auth.verify-token': { payload: VerifyToken; answer: VerifyTokenAnswer };
  /** Needs `users:read`. */
  'auth.get-session': { payload: GetSession; answer: GetSessionAnswer };
  /**
   * Ends all sessions of a user; needs `sessions:revoke`. Idempotent by its message id, so that a client may send it
   * again by itself.
   */
  'auth.end-sessions': { payload: EndSessions; answer: LogoutAllAnswer };
  /** The revocations in force, by pages. For anybody on the transport: they name ids and no secrets. */
  'auth.revocations': { payload: ListRevocations; answer: RevocationsAnswer };
  /** The permission map, signed now. For anybody on the transport. */
  'auth.permission-map': { payload: Record<string, never>; answer: { document: string } };
  /** Whether there is such a key. For anybody on the transport: who asks has the key. */
  'auth.verify-api-key': { payload: VerifyApiKey; answer: VerifyApiKeyAnswer };
}
