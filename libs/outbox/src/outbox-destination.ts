/** A message on its way. */
export interface OutboxDelivery {
  readonly id: string;
  readonly payload: string;
  /** 0, 1, 2, … of the topic without holes, the same at every delivery of this message. */
  readonly producerSeq: number;
}

/** What the destination said of one message. */
export type OutboxVerdict =
  /** It has it for good; the row is deleted. */
  | { readonly id: string; readonly accepted: true }
  /** It will never take it; the row is set aside with the reason. */
  | { readonly id: string; readonly accepted: false; readonly reason: string };

/** Who takes the messages of one topic, and recognises by its id one that it has taken before. */
export interface OutboxDestination {
  readonly topic: string;
  /** Messages in one delivery at most. */
  readonly batchSize: number;
  /** Characters of payload in one delivery at most, unless a single message has more. */
  readonly batchLength: number;
  /**
   * Delivers and waits for the answer. A message that the answer does not mention is delivered again.
   *
   * @throws DeliveryRefusedError when the delivery as a whole will never be taken: it is then halved, until what
   *   is wrong with it is alone
   * @throws anything else when the destination is away: nothing counts as delivered, all of it is sent again
   */
  deliver(messages: readonly OutboxDelivery[]): Promise<readonly OutboxVerdict[]>;
}

/** The destination will never take this delivery as it is. */
export class DeliveryRefusedError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'DeliveryRefusedError';
  }
}

/** A delivery came to nothing; the cause is what the destination threw. */
export class DestinationAwayError extends Error {
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'DestinationAwayError';
  }
}
