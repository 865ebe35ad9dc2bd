import type { Checkpoint } from '@gatehouse/transparency-log';

/** A checkpoint as it was published. */
export interface PublishedCheckpoint extends Checkpoint {
  /** The signed note. */
  readonly note: string;
  readonly signedAt: Date;
}
