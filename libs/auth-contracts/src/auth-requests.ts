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

/** Of the asker's choice and never the same: what is signed with it answers this question and no other. */
const Nonce = z.string().min(16).max(64);

export const ListRevocations = z.strictObject({ after: z.uuid().optional(), nonce: Nonce });
export type ListRevocations = z.infer<typeof ListRevocations>;

/**
 * A page of revocations. It travels as a JWS with `iss`, and `nonce` and `after` of the question. `next` is there when
 * there may be more: send it as `after`.
 */
export interface RevocationPage {
  revocations: Revocation[];
  next?: string;
}

export const AskPermissionMap = z.strictObject({ nonce: Nonce });
export type AskPermissionMap = z.infer<typeof AskPermissionMap>;

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
  /** The revocations in force, by signed pages. For anybody on the transport: they name ids and no secrets. */
  'auth.revocations': { payload: ListRevocations; answer: { document: string } };
  /** The permission map, signed now. For anybody on the transport. */
  'auth.permission-map': { payload: AskPermissionMap; answer: { document: string } };
  /** Whether there is such a key. For anybody on the transport: who asks has the key. */
  'auth.verify-api-key': { payload: VerifyApiKey; answer: VerifyApiKeyAnswer };
}
