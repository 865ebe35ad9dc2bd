/** Headers of a message, names in lower case. `delivery-count` is set on arrival, the others by the sender. */
export type MessageHeaders = Readonly<Record<string, string>>;

export const HEADER = {
  /** UUIDv7; the same for every delivery and every retry of the message. */
  messageId: 'message-id',
  /** Which of the caller's requests a reply belongs to. */
  correlationId: 'correlation-id',
  /** The caller's own channel. */
  replyTo: 'reply-to',
  /** Milliseconds from when Redis has the message: after this nobody waits for the answer. */
  timeout: 'timeout',
  /** The same in milliseconds since 1970 by the clock of Redis, where the sender knows it. */
  expires: 'expires',
  /** The same by the clock of the sender, for consumers that do not know `timeout`. */
  deadline: 'deadline',
  /** 1 for the first delivery. */
  deliveryCount: 'delivery-count',
  /** Name of the service that sent it: a statement, not a proof. */
  sender: 'sender',
  /** `Bearer …`: the caller's token, or the sending service's own. */
  authorization: 'authorization',
  /** A dead letter that was put back is for this subscriber alone. */
  replayFor: 'replay-for',
  /** Events with the same key belong together. */
  key: 'key',
  /** W3C Trace Context. */
  traceparent: 'traceparent',
} as const;

/** Leaves out what is undefined. */
export function headersOf(values: Readonly<Record<string, string | number | undefined>>): MessageHeaders {
  const headers: Record<string, string> = {};
  for (const name in values) {
    const value = values[name];
    if (value !== undefined) headers[name] = typeof value === 'string' ? value : String(value);
  }
  return headers;
}

/** The headers that may be kept for long: without the token. */
export function withoutToken(headers: MessageHeaders): MessageHeaders {
  const { [HEADER.authorization]: _token, ...kept } = headers;
  return kept;
}
