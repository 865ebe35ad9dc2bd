import { monthOf } from '../personal-data/subjects.js';
import type { LogEntry } from './log-entry.js';

/** An event that the log holds. */
export interface LoggedEvent {
  readonly id: string;
  readonly seq: number;
  readonly leafHash: Buffer;
  readonly contentDigest: Buffer;
  /** Of the key of that digest. */
  readonly keyId: string;
}

/** What becomes of one entry of a batch: a place in the log, or the refusal of an id. */
export type Sequenced =
  | { readonly seq: number; readonly leafHash: Buffer }
  /** `conflict`: the id holds something else. `too-old`: it says a month that is not kept. */
  | { readonly error: 'conflict' | 'too-old' };

/** The log before a batch. */
export interface KeptLog {
  readonly size: number;
  /** The first month whose events are kept, e.g. `2026-11`. */
  readonly oldestMonth: string;
}

export interface Sequencing {
  /** New in the log, in order; the first has the size before as its `seq`. */
  readonly fresh: LogEntry[];
  readonly conflicts: LogEntry[];
  readonly tooOld: LogEntry[];
  /** One for each entry of the batch, in its order. */
  readonly outcomes: Sequenced[];
}

/** The digest of an entry's content by a key; undefined when that key is destroyed, and nothing can be compared. */
export type DigestBy = (entry: LogEntry, keyId: string) => Buffer | undefined;

/**
 * Numbers a batch from the size of the log. An id that is there already, in the log or earlier in the batch, is given
 * its old place when the content is the same, or when nobody can tell any more, and is a conflict otherwise. An id of a
 * month that is not kept is refused: what it was is gone, and it must not come again as something new.
 *
 * @param logged the events of the log whose ids occur in the batch
 */
export function sequence(
  batch: readonly LogEntry[],
  logged: readonly LoggedEvent[],
  { size, oldestMonth }: KeptLog,
  digestBy: DigestBy = ({ contentDigest }) => contentDigest,
): Sequencing {
  const known = new Map(logged.map((event) => [event.id, event]));
  const fresh: LogEntry[] = [];
  const conflicts: LogEntry[] = [];
  const tooOld: LogEntry[] = [];
  const outcomes = batch.map((entry): Sequenced => {
    const { id } = entry.event;
    if (monthOf(id) < oldestMonth) {
      tooOld.push(entry);
      return { error: 'too-old' };
    }
    const before = known.get(id);
    if (before === undefined) {
      const place = { id, seq: size + fresh.length, ...digestsOf(entry) };
      known.set(id, place);
      fresh.push(entry);
      return { seq: place.seq, leafHash: place.leafHash };
    }
    if (digestBy(entry, before.keyId)?.equals(before.contentDigest) ?? true) {
      return { seq: before.seq, leafHash: before.leafHash };
    }
    conflicts.push(entry);
    return { error: 'conflict' };
  });
  return { fresh, conflicts, tooOld, outcomes };
}

/**
 * The keys by which entries are to be digested anew: those of the events of the same id, where they are not their own.
 */
export function foreignKeys(batch: readonly LogEntry[], logged: readonly LoggedEvent[]): Set<string> {
  const keys = new Map(logged.map(({ id, keyId }) => [id, keyId]));
  const foreign = new Set<string>();
  for (const { event, keyId } of batch) {
    const before = keys.get(event.id);
    if (before === undefined) keys.set(event.id, keyId);
    else if (before !== keyId) foreign.add(before);
  }
  return foreign;
}

const digestsOf = ({ leafHash, contentDigest, keyId }: LogEntry) => ({ leafHash, contentDigest, keyId });
