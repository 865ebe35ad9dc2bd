import { addedAt } from '../messages/message.js';
import { HEADER, type MessageHeaders } from '../messages/message-headers.js';

/**
 * After this nobody waits for the answer, in milliseconds since 1970 by the clock of Redis, which dates the entry: the
 * clocks of hosts have no part in it. What was sent before there was `timeout` says it by the clock of its sender.
 *
 * @returns undefined for a message that never expires
 */
export function deadlineOf(headers: MessageHeaders, entryId: string): number | undefined {
  const timeout = Number(headers[HEADER.timeout]);
  // A message that was long on its way to Redis ends when its caller does.
  const expires = Number(headers[HEADER.expires] ?? Infinity);
  if (timeout > 0) return Math.min(addedAt(entryId) + timeout, expires > 0 ? expires : Infinity);
  const deadline = Number(headers[HEADER.deadline]);
  return deadline > 0 ? deadline : undefined;
}
