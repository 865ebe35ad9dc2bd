import { MalformedLeafError, readLeafEvent, wrongColumn } from '@gatehouse/audit-log-verifier';
import { HASH_BYTES, leafHash } from '@gatehouse/transparency-log';
import type { LogFinding } from '../findings/log-finding.js';
import type { KeptEvent } from '../log/kept-event.js';

/**
 * Compares events with their tile and with what is kept beside their leaves.
 *
 * @param first the place in the log of the first hash
 * @param hashes of the tile
 * @param events in their order
 * @returns what is wrong with the first that is not as it has to be
 */
export function compareEvents(
  first: number,
  hashes: Buffer,
  events: readonly KeptEvent[],
): LogFinding | undefined {
  const kept = new Map<number, KeptEvent>();
  for (const event of events) {
    if (kept.has(event.seq)) return { seq: event.seq, detail: 'two events have this place in the log' };
    kept.set(event.seq, event);
  }
  for (let place = 0; place * HASH_BYTES < hashes.length; place++) {
    const seq = first + place;
    const inTile = hashes.subarray(place * HASH_BYTES, (place + 1) * HASH_BYTES);
    const detail = wrongWith(kept.get(seq), inTile);
    if (detail !== undefined) return { seq, detail };
  }
  return undefined;
}

function wrongWith(event: KeptEvent | undefined, inTile: Buffer): string | undefined {
  if (event === undefined) return 'the event is missing';
  if (!leafHash(event.leaf).equals(inTile)) return 'the leaf has not the hash that is in its tile';
  if (!event.leafHash.equals(inTile)) return 'the column leaf_hash is not the hash of the leaf';
  try {
    const column = wrongColumn(readLeafEvent(event.leaf), event.columns);
    return column && `the search column ${column} does not say what the leaf says`;
  } catch (error) {
    if (!(error instanceof MalformedLeafError)) throw error;
    return `the leaf cannot be read: ${error.message}`;
  }
}
