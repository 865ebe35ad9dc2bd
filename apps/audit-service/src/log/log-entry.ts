import type { AuditEvent } from '@gatehouse/audit-contracts';

/** An event that is ready for the log: what it will be there is fixed but for its `seq`. */
export interface LogEntry {
  /** Without what is personal. */
  readonly event: AuditEvent;
  readonly submittedBy: string;
  /** ISO 8601, UTC. */
  readonly receivedAt: string;
  /** The canonical JSON of the event as its producer sent it: what "the same content" means. Never kept. */
  readonly content: string;
  /** Keyed by the key `keyId`: what of the content is kept. */
  readonly contentDigest: Buffer;
  readonly keyId: string;
  /** What finds the address that it came from, and the /24 or /48 of it; the address itself is sealed in the leaf. */
  readonly address: Buffer | undefined;
  readonly network: string | undefined;
  /** The exact bytes that are kept and hashed: version, then canonical JSON, what is personal sealed in it. */
  readonly leaf: Buffer;
  /** SHA-256 of 0x00 and the leaf. */
  readonly leafHash: Buffer;
  /** What `eventText` makes of all this, when the event comes: while a batch has the log, others wait. */
  readonly text: string;
}
