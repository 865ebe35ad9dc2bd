import type { AppendResult, AuditEvent } from '@gatehouse/audit-contracts';
import type { OutboxDelivery, OutboxVerdict } from '@gatehouse/outbox';
import { DomainError } from '@gatehouse/problem-details';

/** The event of an outbox row, with the number that it was given. */
export function eventOf({ payload, producerSeq }: OutboxDelivery): AuditEvent {
  return { ...(JSON.parse(payload) as AuditEvent), producerSeq };
}

/**
 * What the results of an append say of each event. Only a result for the event's own id that carries the committed `seq`
 * and leaf hash counts as accepted; an event that no result speaks of is left to be sent again.
 */
export function verdictsOf(
  messages: readonly { id: string }[],
  results: readonly AppendResult[],
): OutboxVerdict[] {
  return messages.flatMap(({ id }, index): OutboxVerdict[] => {
    const result = results[index];
    if (result === undefined || result.id !== id) return [];
    if ('error' in result) {
      const reason = result.detail === undefined ? result.error : `${result.error}: ${result.detail}`;
      return [{ id, accepted: false, reason }];
    }
    const committed = Number.isSafeInteger(result.seq) && result.seq >= 0 && result.leafHash.length > 0;
    return committed ? [{ id, accepted: true }] : [];
  });
}

/** Answers that the same batch would get again. Not 401 and 403: an identity or a permission may yet come. */
const REFUSALS = new Set([400, 413, 422]);

/** Whether audit-service refused a whole batch for what it is. */
export const isRefusal = (error: unknown): error is DomainError =>
  error instanceof DomainError && REFUSALS.has(error.status);
