import { DomainError } from '@gatehouse/problem-details';
import type { ReplyPacket } from './reply.js';

export interface SendOptions {
  /** The answer is due after so many milliseconds; default `requestTimeoutMs`. */
  timeoutMs?: number;
  /**
   * Access token of the caller on whose behalf it is sent; without it the service speaks for itself. `null` for what
   * anybody may ask: it is sent without any.
   */
  token?: string | null;
  /** The message id, the same when the same request is sent again; default a new UUIDv7. */
  id?: string;
  /**
   * The handler is `@Idempotent()`: when the connection broke it is sent again by itself, with the same message id, until
   * its deadline. Default what the client was registered with.
   */
  idempotent?: boolean;
  /** W3C Trace Context; default the one on whose behalf this runs. */
  traceparent?: string;
  /** More headers, names in lower case; those of the transport win. */
  headers?: Readonly<Record<string, string>>;
}

export interface OutgoingRequest {
  service: string;
  pattern: string;
  payload: unknown;
  options: SendOptions;
}

/** A request whose end its caller was not told yet. */
export interface PendingRequest {
  readonly request: OutgoingRequest;
  readonly messageId: string;
  readonly timeoutMs: number;
  /** On the monotonic clock, in milliseconds. */
  readonly startedAt: number;
  readonly answer: (packet: ReplyPacket) => void;
  /** Tells the caller when the deadline has passed. */
  readonly timer: NodeJS.Timeout;
  /** Redis may have it. */
  sent: boolean;
  /** A value of the answer has come: it would come twice. */
  begun: boolean;
  resends: number;
  resendTimer?: NodeJS.Timeout;
}

const FIRST_DELAY_MS = 50;
const LONGEST_DELAY_MS = 1_000;
const ON_THE_WAY = new Set(['reply-lost', 'dependency-unavailable']);

/** Whether to send it again: it may be done twice, the caller has seen nothing, and it was the way that failed. */
export function isResendable({ request, begun }: PendingRequest, error: Error): boolean {
  return (
    request.options.idempotent === true &&
    !begun &&
    error instanceof DomainError &&
    ON_THE_WAY.has(error.type)
  );
}

/** Twice as long each time, up to a second, and apart from other callers. @param random 0 to 1 */
export function resendDelayMs(resends: number, random: number): number {
  return Math.min(FIRST_DELAY_MS * 2 ** resends, LONGEST_DELAY_MS) * (0.5 + random / 2);
}
