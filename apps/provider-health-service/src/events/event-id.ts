/** How far a reader has come: the number of a change, and the database whose numbers these are. */
export interface EventPosition {
  epoch: string;
  sequence: number;
}

/** Opaque to readers, e.g. `5f1c09ab-1042`. */
export const writeEventId = ({ epoch, sequence }: EventPosition): string => `${epoch}-${sequence}`;

/** Undefined when it is none that `writeEventId` made. */
export function readEventId(id: string): EventPosition | undefined {
  const [, epoch, digits] = /^([0-9a-f]{8})-(0|[1-9]\d{0,14})$/.exec(id) ?? [];
  return epoch === undefined || digits === undefined ? undefined : { epoch, sequence: Number(digits) };
}

/** Where a reader goes on, and the event that tells it so first. */
export function startingPoint(
  lastEventId: string | undefined,
  { epoch, last }: { epoch: string; last: number },
): { event: 'ready' | 'resumed' | 'reset'; sequence: number } {
  if (lastEventId === undefined || lastEventId === '') return { event: 'ready', sequence: last };
  const known = readEventId(lastEventId);
  // A number that was never given is of a database as it was before it was set back.
  if (known === undefined || known.epoch !== epoch || known.sequence > last)
    return { event: 'reset', sequence: last };
  return { event: 'resumed', sequence: known.sequence };
}
