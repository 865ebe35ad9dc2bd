import {
  type Checkpoint,
  consistencyProof,
  type HashReader,
  InvalidProofError,
  verifyGrowth,
} from '@gatehouse/transparency-log';
import { DamagedTileError } from '../log/tile-parts.js';

/** A tree that was signed, and who remembers it. */
export interface RememberedHead {
  /** For people, e.g. `Redis`. */
  readonly by: string;
  readonly head: Checkpoint;
}

/** Where the last head that was signed is kept outside the database of the log, which may be restored from a backup. */
export interface HeadMemory {
  readonly name: string;
  /**
   * @returns undefined when it remembers none of this origin
   * @throws when it cannot be asked, or what it holds cannot be read: nothing is signed then
   */
  recall(origin: string): Promise<Checkpoint | undefined>;
  /** @throws when it was not kept; one who signs meanwhile may have got ahead */
  remember(head: Checkpoint): Promise<void>;
}

/** What was signed once is not in the log as it is now. */
export class LogRewoundError extends Error {
  constructor(
    message: string,
    /** The first event that is missing, where that is known. */
    readonly seq?: number,
  ) {
    super(message);
    this.name = 'LogRewoundError';
  }
}

/**
 * Holds to the rule of a signer: what is signed goes on from all that was, never smaller, nothing changed.
 *
 * @throws LogRewoundError
 */
export async function assertGoesOn(
  remembered: readonly RememberedHead[],
  head: Checkpoint,
  readHash: HashReader,
): Promise<void> {
  for (const { by, head: before } of remembered) {
    if (before.size > head.size) {
      throw new LogRewoundError(
        `${by} remembers a signed log of ${before.size} events, and the database has ${head.size}: it is an older one`,
        head.size,
      );
    }
    try {
      verifyGrowth(before, head, await consistencyProof(before.size, head.size, readHash));
    } catch (error) {
      if (!(error instanceof InvalidProofError || error instanceof DamagedTileError)) throw error;
      throw new LogRewoundError(
        `${by} remembers a signed log of ${before.size} events that the database does not go on from: ${error.message}`,
      );
    }
  }
}

export const sameHead = (one: Checkpoint | undefined, other: Checkpoint): boolean =>
  one?.size === other.size && one.root.equals(other.root);
