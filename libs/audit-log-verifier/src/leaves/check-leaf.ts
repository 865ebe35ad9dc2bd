import { isDeepStrictEqual } from 'node:util';
import { VerificationFailedError } from '../verification-failed-error.js';
import { type LeafEvent, MalformedLeafError, readLeafEvent } from './leaf-event.js';
import { wrongColumn } from './search-columns.js';

/** What stands beside a leaf and is to say the same. */
export interface BesideLeaf {
  readonly columns?: object | undefined;
  readonly event?: Readonly<Record<string, unknown>> | undefined;
}

/** Fields of an event that a leaf has in clear, whole. The others have personal parts. */
const OPEN_FIELDS = [
  ...['id', 'category', 'action', 'outcome', 'reason', 'tenant', 'occurredAt', 'producer', 'producerSeq'],
  ...['submittedBy', 'receivedAt'],
];

/**
 * Checks that what stands beside a leaf is what the leaf says.
 *
 * @throws VerificationFailedError
 */
export function checkLeaf(seq: number, leaf: Uint8Array, { columns, event }: BesideLeaf): void {
  const read = readOrFail(seq, leaf);
  const column = columns && wrongColumn(read, columns);
  if (column !== undefined) {
    throw new VerificationFailedError(`the search column ${column} does not say what the leaf says`, seq);
  }
  const field = event && wrongField(read, event);
  if (field !== undefined) {
    throw new VerificationFailedError(
      `the field ${field} beside the leaf does not say what the leaf says`,
      seq,
    );
  }
}

function readOrFail(seq: number, leaf: Uint8Array): LeafEvent {
  try {
    return readLeafEvent(leaf);
  } catch (error) {
    if (!(error instanceof MalformedLeafError)) throw error;
    throw new VerificationFailedError(`its leaf cannot be read: ${error.message}`, seq, { cause: error });
  }
}

function wrongField(leaf: LeafEvent, event: Readonly<Record<string, unknown>>): string | undefined {
  const fields = leaf as unknown as Readonly<Record<string, unknown>>;
  const open = OPEN_FIELDS.find((name) => !isDeepStrictEqual(fields[name], event[name]));
  if (open !== undefined) return open;
  return ['actor', 'target'].find((name) => !sameParty(fields[name], event[name]));
}

/** Type and id; the name is personal. */
function sameParty(one: unknown, other: unknown): boolean {
  const { type, id } = (one ?? {}) as Record<string, unknown>;
  const found = (other ?? {}) as Record<string, unknown>;
  return type === found['type'] && id === found['id'];
}
