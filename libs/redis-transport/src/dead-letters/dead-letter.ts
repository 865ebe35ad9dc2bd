import type { ProblemDetails } from '@gatehouse/problem-details';
import type { Delivery } from '../streams/delivery.js';
import type { StreamEntry } from '../messages/message.js';
import { HEADER, headersOf, type MessageHeaders, withoutToken } from '../messages/message-headers.js';

/** One delivery of a message that did not end well. */
export interface FailedDelivery {
  /** 1 for the first. */
  delivery: number;
  consumer: string;
  /** ISO 8601. */
  at: string;
  /** What was thrown; absent when the consumer was not heard of again: it died, or was cut off. */
  error?: string;
}

/** A message that was given up, as it is kept. */
export interface DeadLetter {
  /** Its place among the dead letters, `<ms>-<n>`. */
  id: string;
  /** Absent when the entry was no message. */
  pattern?: string;
  /** Without the token. */
  headers: MessageHeaders;
  /** JSON, or whatever the entry held. */
  data?: string;
  /** As its last caller was told. */
  error: ProblemDetails;
  /** Name and message of what the last handler threw; absent when it did not get that far. */
  thrown?: string;
  deliveries: number;
  consumer: string;
  /** ISO 8601. */
  buriedAt: string;
  /** The deliveries, the first one first. */
  history: FailedDelivery[];
}

/**
 * The fields of a dead letter: the message as it was, without its token, and why it was given up.
 *
 * @param at ISO 8601
 */
export function deadLetterFields(
  delivery: Delivery,
  { problem, error }: { problem: ProblemDetails; error?: string },
  consumer: string,
  at: string,
): string[] {
  return [
    ...withoutTokens(delivery.entry.fields),
    ...['error', JSON.stringify(problem)],
    ...(error === undefined ? [] : ['thrown', error]),
    ...['entry-id', delivery.entry.id],
    ...['delivery-count', String(delivery.count)],
    ...['consumer', consumer],
    ...['buried-at', at],
  ];
}

export function toDeadLetter({ id, fields }: StreamEntry): DeadLetter {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) {
    values.set(fields[index] ?? '', fields[index + 1] ?? '');
  }
  return {
    id,
    pattern: values.get('pattern'),
    headers: parsed<MessageHeaders>(values.get('headers'), {}),
    data: values.get('data'),
    error: parsed<ProblemDetails>(values.get('error'), { type: 'unknown', title: 'Unknown', status: 500 }),
    thrown: values.get('thrown'),
    deliveries: Number(values.get('delivery-count') ?? 0),
    consumer: values.get('consumer') ?? '',
    buriedAt: values.get('buried-at') ?? '',
    history: parsed<FailedDelivery[]>(values.get('history'), []),
  };
}

/**
 * The headers with which a dead letter goes back to its stream: nobody waits for an answer any more, no deadline holds,
 * and only the group that gave it up sees it again.
 *
 * @param token in whose name; dead letters hold none
 */
export function replayHeaders(headers: MessageHeaders, subscriber?: string, token?: string): MessageHeaders {
  const { replyTo, timeout, expires, deadline } = HEADER;
  return headersOf({
    ...withoutToken(headers),
    ...{ [replyTo]: undefined, [timeout]: undefined, [expires]: undefined, [deadline]: undefined },
    [HEADER.replayFor]: subscriber,
    [HEADER.authorization]: token === undefined ? undefined : `Bearer ${token}`,
  });
}

function withoutTokens(fields: readonly string[]): string[] {
  return fields.map((value, index) =>
    fields[index - 1] === 'headers' && index % 2 === 1 ? redact(value) : value,
  );
}

function redact(headers: string): string {
  try {
    return JSON.stringify(withoutToken(JSON.parse(headers) as MessageHeaders));
  } catch {
    // Not written by this transport: whatever it holds, it may be a token.
    return '{}';
  }
}

function parsed<Type>(json: string | undefined, otherwise: Type): Type {
  if (json === undefined) return otherwise;
  try {
    return JSON.parse(json) as Type;
  } catch {
    return otherwise;
  }
}
