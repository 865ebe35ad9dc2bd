import type { AuditEvent } from '@gatehouse/audit-contracts';

/** From where on a segment is closed, so that it is one append over the transport. */
export const SEGMENT_EVENTS = 200;
export const SEGMENT_BYTES = 512 * 1024;

/** A file of the spool: `open-{number}-{pid}.jsonl` while it is written, `{number}.jsonl` when it waits to be sent. */
const OPEN = /^open-(\d{12})-(\d+)\.jsonl$/;
const CLOSED = /^(\d{12})\.jsonl$/;

export const openName = (number: number, pid: number): string => `open-${padded(number)}-${pid}.jsonl`;
export const closedName = (number: number): string => `${padded(number)}.jsonl`;

/** The number of a segment by its name; undefined for any other file. */
export function segmentNumber(name: string): number | undefined {
  const found = OPEN.exec(name) ?? CLOSED.exec(name);
  return found === null ? undefined : Number(found[1]);
}

/** The process that writes a segment, by its name; undefined when it waits to be sent, or is none. */
export function writerOf(name: string): number | undefined {
  const found = OPEN.exec(name);
  return found === null ? undefined : Number(found[2]);
}

/**
 * The events of a segment. A line without its end was cut by a crash while it was written: nobody was told that it is kept.
 */
export function readSegment(text: string): AuditEvent[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as AuditEvent);
}

const padded = (number: number): string => String(number).padStart(12, '0');
