import type { LogEntry } from './leaf.js';

/** An event that the log holds. */
export interface LoggedEvent {
  readonly id: string;
  readonly seq: number;
  readonly leafHash: Buffer;
  readonly contentDigest: Buffer;
}

/** What becomes of one entry of a batch: a place in the log, or the refusal of an id that holds something else. */
export type Sequenced = { readonly seq: number; readonly leafHash: Buffer } | { readonly error: 'conflict' };

export interface Sequencing {
  /** New in the log, in order; the first has the size before as its `seq`. */
  readonly fresh: LogEntry[];
  readonly conflicts: LogEntry[];
  /** One for each entry of the batch, in its order. */
  readonly outcomes: Sequenced[];
}

/**
 * Numbers a batch from the size of the log. An id that is there already, in the log or earlier in the batch, is given
 * its old place when the content is the same, and is a conflict otherwise.
 *
 * @param logged the events of the log whose ids occur in the batch
 */
export function sequence(
  batch: readonly LogEntry[],
  logged: readonly LoggedEvent[],
  size: number,
): Sequencing {
  const known = new Map(logged.map((event) => [event.id, event]));
  const fresh: LogEntry[] = [];
  const conflicts: LogEntry[] = [];
  const outcomes = batch.map((entry): Sequenced => {
    const { id } = entry.event;
    const before = known.get(id);
    if (before === undefined) {
      const place = { id, seq: size + fresh.length, ...digestsOf(entry) };
      known.set(id, place);
      fresh.push(entry);
      return { seq: place.seq, leafHash: place.leafHash };
    }
    if (before.contentDigest.equals(entry.contentDigest)) {
      return { seq: before.seq, leafHash: before.leafHash };
    }
    conflicts.push(entry);
    return { error: 'conflict' };
  });
  return { fresh, conflicts, outcomes };
}

const digestsOf = ({ leafHash, contentDigest }: LogEntry) => ({ leafHash, contentDigest });
