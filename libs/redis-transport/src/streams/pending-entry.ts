/** An entry that some consumer took and has not acknowledged. */
export interface PendingEntry {
  readonly id: string;
  /** Since anybody said that it is being worked on. */
  readonly idleMs: number;
  /** Who took it last. */
  readonly consumer: string;
  /** How often it was delivered until now. */
  readonly deliveries: number;
}
