import { createHash } from 'node:crypto';
import type { AuditEvent, AuditRecord } from '@gatehouse/audit-contracts';
import { assertCanonical, canonicalJson, leafHash, MAX_ENTRY_BYTES } from '@gatehouse/transparency-log';

/** The first byte of every leaf: canonical JSON follows. */
const LEAF_VERSION = 1;

/** What fits a bundle of a tiled log. */
export const MAX_LEAF_BYTES = MAX_ENTRY_BYTES;

/** An event that is ready for the log: what it will be there is fixed but for its `seq`. */
export interface LogEntry {
  readonly event: AuditEvent;
  readonly submittedBy: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** SHA-256 of the canonical JSON of the event as its producer sent it: what "the same content" means. */
  readonly contentDigest: Buffer;
  /** The exact bytes that are kept and hashed: version, then canonical JSON. */
  readonly leaf: Buffer;
  /** SHA-256 of 0x00 and the leaf. */
  readonly leafHash: Buffer;
}

/** The leaf does not fit. */
export class LeafTooLargeError extends Error {
  constructor(bytes: number) {
    super(`its leaf has ${bytes} bytes, and may have ${MAX_LEAF_BYTES}`);
    this.name = 'LeafTooLargeError';
  }
}

/**
 * @throws NotCanonicalError
 * @throws LeafTooLargeError
 */
export function createLogEntry(event: AuditEvent, submittedBy: string, receivedAt: Date): LogEntry {
  const received = receivedAt.toISOString();
  assertCanonical({ ...event, submittedBy });
  const content = canonicalJson(event);
  const json = canonicalJson({ ...event, receivedAt: received, submittedBy });
  const leaf = Buffer.concat([Buffer.of(LEAF_VERSION), Buffer.from(json)]);
  if (leaf.length > MAX_LEAF_BYTES) throw new LeafTooLargeError(leaf.length);
  return {
    event,
    submittedBy,
    receivedAt: received,
    contentDigest: createHash('sha256').update(content).digest(),
    leaf,
    leafHash: leafHash(leaf),
  };
}

/** The record that a leaf holds, with what the log knows of it. */
export function readLeaf(leaf: Buffer, seq: number, leafHash: Buffer): AuditRecord {
  const fields = JSON.parse(leaf.toString('utf8', 1)) as Omit<AuditRecord, 'seq' | 'leafHash'>;
  return { ...fields, seq, leafHash: leafHash.toString('base64') };
}
