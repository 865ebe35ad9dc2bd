import { z } from 'zod';

/** PostgreSQL keeps no NUL in a text; nobody needs one in an identifier. */
const text = (maximum: number) =>
  z
    .string()
    .min(1)
    .max(maximum)
    .refine((value) => !value.includes('\0'), 'must not contain NUL');

/** What an event is about. */
export const AUDIT_CATEGORIES = ['auth', 'access', 'admin', 'provider', 'audit'] as const;
export const AuditCategory = z.enum(AUDIT_CATEGORIES);
export type AuditCategory = z.infer<typeof AuditCategory>;

/** How it ended: `denied` when a rule refused it, `failure` when it was tried and went wrong. */
export const AUDIT_OUTCOMES = ['success', 'failure', 'denied'] as const;
export const AuditOutcome = z.enum(AUDIT_OUTCOMES);
export type AuditOutcome = z.infer<typeof AuditOutcome>;

/** Dotted, from the general to the particular: `auth.login`, `provider.status-changed`. */
export const AuditAction = z
  .string()
  .max(128)
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_:-]+)*$/, 'must be dotted words, e.g. auth.login');

/** Who did it. `anonymous` has no id: a request that nobody was identified for. */
export const AuditActor = z.object({
  type: z.enum(['user', 'service', 'api-key', 'system', 'anonymous']),
  id: text(256).optional(),
  name: text(256).optional(),
});
export type AuditActor = z.infer<typeof AuditActor>;

/** What it was done to, e.g. `{ type: 'provider', id: '…', name: 'openai' }`. */
export const AuditTarget = z.object({ type: text(64), id: text(256), name: text(256).optional() });
export type AuditTarget = z.infer<typeof AuditTarget>;

/** Where it came from. */
export const AuditContext = z.object({
  ip: text(64).optional(),
  userAgent: text(1_024).optional(),
  sessionId: text(128).optional(),
  requestId: text(128).optional(),
  traceId: text(64).optional(),
  /** The service in which it happened, e.g. `auth-service`. */
  service: text(64),
});
export type AuditContext = z.infer<typeof AuditContext>;

/** ISO 8601 in UTC, e.g. `2026-03-01T09:30:00.000Z`; kept as it was sent. */
const utcTime = z.iso.datetime({ error: 'must be an ISO 8601 time in UTC' });

/**
 * One thing that happened, as its producer tells it. Fields that are not listed here are not lost: the log keeps
 * them under `details.unmapped`.
 */
export const AuditEvent = z.object({
  /** UUIDv7, made by the producer: a second append with the same id and content is the same event. */
  id: z.uuidv7(),
  category: AuditCategory,
  action: AuditAction,
  outcome: AuditOutcome,
  /** Why it was denied or failed: a slug, e.g. `invalid-credentials`. */
  reason: text(256).optional(),
  actor: AuditActor,
  target: AuditTarget.optional(),
  tenant: text(128).optional(),
  context: AuditContext,
  /**
   * Anything else that is worth keeping; integers beyond 2^53 and lone surrogates are refused (RFC 8785). What is personal
   * goes under `personal`: it is kept sealed, and lost when the person is erased, as are `actor.name`, `target.name`,
   * `context.ip` and `context.userAgent`.
   */
  details: z.record(z.string(), z.unknown()).optional(),
  occurredAt: utcTime,
  /** Who tells it, e.g. `auth-service`. Who really sent it is `submittedBy`, which the log records. */
  producer: text(64),
  /** 0, 1, 2, … of this producer without holes, given by its outbox as it first ships the event. */
  producerSeq: z.number().int().min(0).optional(),
});
export type AuditEvent = z.infer<typeof AuditEvent>;

/** An event as the log keeps it. */
export interface AuditRecord extends AuditEvent {
  /** The zero-based index in the log: contiguous, in commit order. */
  seq: number;
  /** SHA-256 of 0x00 and the leaf (RFC 6962 §2.1), base64. */
  leafHash: string;
  /** ISO 8601, UTC. */
  receivedAt: string;
  /** The client that was authenticated when it was appended. */
  submittedBy: string;
  /** Whose personal data is not in it any more, since its key was destroyed. */
  erased?: ('actor' | 'target')[];
}
