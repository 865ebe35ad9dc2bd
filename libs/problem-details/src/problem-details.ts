/** One field of a request that did not fit, e.g. `{ path: 'email', message: 'Invalid email address' }`. */
export interface FieldError {
  /** Where, dotted: `items.0.name`; empty for the body as a whole. */
  path: string;
  message: string;
}

/**
 * The body of every error answer, over HTTP as `application/problem+json` and in messages alike (RFC 9457 §3.1).
 */
export interface ProblemDetails {
  /** The kind of problem: a slug that is stable and listed in `docs/errors.md`, e.g. `email-taken`. */
  type: string;
  /** One short sentence for people, the same for every problem of the type. */
  title: string;
  /** The HTTP status code, also in messages. */
  status: number;
  /** What happened this time. Never present in a 5xx. */
  detail?: string;
  /** The path that was asked for. */
  instance?: string;
  requestId?: string;
  /** The fields that did not fit, for `validation-failed`. */
  errors?: FieldError[];
  /** After how many seconds it may be tried again; the `Retry-After` header of HTTP. */
  retryAfterSeconds?: number;
}
