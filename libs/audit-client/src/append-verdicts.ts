import type { AppendResult, AuditEvent } from '@gatehouse/audit-contracts';
import type { OutboxDelivery, OutboxVerdict } from '@gatehouse/outbox';

/** The event of an outbox row, with the number that it was given. */
export function eventOf({ payload, producerSeq }: OutboxDelivery): AuditEvent {
  return { ...(JSON.parse(payload) as AuditEvent), producerSeq };
}

/**
 * What the results of an append say of each row. Only a result for the row's own id that carries the committed `seq`
 * and leaf hash counts as accepted; a row that no result speaks of is left to be sent again.
 */
export function verdictsOf(
  messages: readonly OutboxDelivery[],
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
