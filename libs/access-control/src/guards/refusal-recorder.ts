import type { Principal } from '@gatehouse/auth-contracts';

/** The guards, as they are named where one of them has refused. */
export type AccessRule = 'authentication' | 'role' | 'permission';

/** One request or message that a guard has refused, for the audit trail. */
export interface AccessRefusal {
  /** 401: nobody was identified; 403: who was may not. */
  status: 401 | 403;
  /** Type of the problem, e.g. `insufficient-role`. */
  type: string;
  rule: AccessRule;
  /** What was said to the caller, e.g. which permission is needed. */
  detail: string;
  principal?: Principal;
  /** The route as it was declared, `GET /v1/users/:id`, or the pattern of a message. */
  target: { type: 'route' | 'message'; id: string };
  /** The client's address, by the rules of the application for proxies; a message has none. */
  ip?: string;
  userAgent?: string;
  requestId?: string;
}

/** Takes what the guards refuse; provide it as `REFUSAL_RECORDER` in a global module. */
export interface RefusalRecorder {
  /** Returns at once and never throws: the refusal does not wait for it. */
  record(refusal: AccessRefusal): void;
  /** How many refusals there was no room for. */
  readonly dropped: number;
}
