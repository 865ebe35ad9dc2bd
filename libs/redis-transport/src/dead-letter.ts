import type { ProblemDetails } from '@gatehouse/problem-details';
import type { Delivery } from './delivery.js';
import { type MessageHeaders, withoutToken } from './message-headers.js';

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
    ...['error', JSON.stringify(error === undefined ? problem : { ...problem, thrown: error })],
    ...['entry-id', delivery.entry.id],
    ...['delivery-count', String(delivery.count)],
    ...['consumer', consumer],
    ...['buried-at', at],
  ];
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
