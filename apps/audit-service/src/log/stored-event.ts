/** An event of the log as it is kept. */
export interface StoredEvent {
  readonly seq: number;
  readonly leafHash: Buffer;
  readonly leaf: Buffer;
}
