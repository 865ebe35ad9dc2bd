import type { FieldError } from './problem-details.js';

export interface DomainErrorOptions {
  /** Slug, stable, documented in `docs/errors.md`. */
  type: string;
  /** HTTP status code, 400 to 599. */
  status: number;
  /** One short public sentence. */
  title: string;
  /** Public, about this occurrence; dropped from a 5xx. */
  detail?: string;
  errors?: FieldError[];
  retryAfterSeconds?: number;
  /** Headers that an HTTP answer carries besides, e.g. `WWW-Authenticate`. */
  headers?: Record<string, string>;
  /** What went wrong inside: logged, never sent. */
  cause?: unknown;
  /**
   * A 5xx that is no fault, such as a refusal under load: it is not logged as an error each time, which would be more work than
   * the refusal. Whoever throws it sees to it that it is told of.
   */
  isExpected?: boolean;
}

/**
 * An error that the caller may see. Features subclass it in their `*.errors.ts`; anything that is not a
 * `DomainError` reaches the caller as `internal-error` without a word about its cause.
 */
export class DomainError extends Error {
  readonly type: string;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: FieldError[];
  readonly retryAfterSeconds?: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly isExpected: boolean;

  constructor(options: DomainErrorOptions) {
    super(options.detail ?? options.title, { cause: options.cause });
    this.name = new.target.name;
    this.type = options.type;
    this.status = options.status;
    this.title = options.title;
    this.detail = options.detail;
    this.errors = options.errors;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.headers = options.headers ?? {};
    this.isExpected = options.isExpected ?? false;
  }
}
