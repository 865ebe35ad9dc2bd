import {
  DeliveryRefusedError,
  DestinationAwayError,
  type OutboxDelivery,
  type OutboxDestination,
  type OutboxVerdict,
} from './outbox-destination.js';

/** What shipping needs of the store. */
export interface ShippingStore {
  /** Numbers rows that have no number yet. @returns how many */
  number(topic: string): Promise<number>;
  /** Numbered rows beyond `afterSeq`, in the order of their numbers. */
  read(topic: string, afterSeq: number, limit: number): Promise<OutboxDelivery[]>;
  /** Deletes what was accepted and sets aside what was refused. */
  settle(verdicts: readonly OutboxVerdict[]): Promise<void>;
}

/** Hears of what was settled, once it is. */
export type OnSettled = (verdict: OutboxVerdict) => void;

/**
 * Ships everything of a topic that is there, each row once, in the order of their numbers.
 *
 * @returns how many messages were delivered without the answer saying what became of them: they are still there
 * @throws DestinationAwayError with what the destination threw; what was settled before stays settled
 * @throws what the store throws
 */
export async function shipTopic(
  store: ShippingStore,
  destination: OutboxDestination,
  onSettled: OnSettled,
): Promise<number> {
  let afterSeq = -1;
  let unanswered = 0;
  for (;;) {
    await store.number(destination.topic);
    const rows = await store.read(destination.topic, afterSeq, destination.batchSize);
    if (rows.length === 0) return unanswered;
    for (const batch of batchesOf(rows, destination)) {
      const verdicts = await deliverHalving(batch, destination);
      await store.settle(verdicts);
      verdicts.forEach(onSettled);
      unanswered += batch.length - verdicts.length;
      afterSeq = batch.at(-1)?.producerSeq ?? afterSeq;
    }
  }
}

/** A delivery that is refused as a whole is halved until the message that is wrong stands alone. */
async function deliverHalving(
  batch: readonly OutboxDelivery[],
  destination: OutboxDestination,
): Promise<OutboxVerdict[]> {
  try {
    return verdictsOn(batch, await destination.deliver(batch));
  } catch (error) {
    if (error instanceof DestinationAwayError) throw error;
    if (!(error instanceof DeliveryRefusedError)) throw new DestinationAwayError(error);
    const [only] = batch;
    if (batch.length === 1 && only !== undefined) {
      return [{ id: only.id, accepted: false, reason: error.message }];
    }
    const middle = Math.ceil(batch.length / 2);
    const first = await deliverHalving(batch.slice(0, middle), destination);
    return [...first, ...(await deliverHalving(batch.slice(middle), destination))];
  }
}

/** The first verdict on each message of the batch; an answer about anything else changes nothing. */
function verdictsOn(batch: readonly OutboxDelivery[], answer: readonly OutboxVerdict[]): OutboxVerdict[] {
  const open = new Set(batch.map(({ id }) => id));
  return answer.filter(({ id }) => open.delete(id));
}

/** Cuts rows into deliveries of at most `batchLength` characters; a longer row goes alone. */
function batchesOf(
  rows: readonly OutboxDelivery[],
  { batchLength }: Pick<OutboxDestination, 'batchLength'>,
): OutboxDelivery[][] {
  const batches: OutboxDelivery[][] = [];
  let length = Infinity;
  for (const row of rows) {
    if (length + row.payload.length > batchLength) {
      batches.push([]);
      length = 0;
    }
    batches.at(-1)?.push(row);
    length += row.payload.length;
  }
  return batches;
}
