import type { AuditCategory } from '@gatehouse/audit-contracts';

export interface AuditClientOptions {
  /** Who tells the events: the name of the service, e.g. `auth-service`. Also their `context.service`. */
  readonly producer: string;
}

/**
 * What a service without a database promises of an event when `log…Event` resolves:
 * - `stream`: it is in the stream of the transport, and reaches the log whenever audit-service runs. Without Redis it rejects.
 *   What Redis loses with its last second is lost.
 * - `strict`: it is in the log, committed. It rejects when that is not known by the deadline.
 * - `spool`: it is on the disk of this host, and reaches the log whenever audit-service can be asked, also by the next process.
 *   It rejects when the spool is full.
 * - `best-effort`: nothing. It goes to the stream; what that does not take is dropped and counted.
 */
export type AuditMode = 'stream' | 'strict' | 'spool' | 'best-effort';

export interface DatabaselessAuditOptions extends AuditClientOptions {
  /** Of the categories that `modes` does not name; `stream` where not given. */
  readonly mode?: AuditMode;
  /** By the category of the event: `{ auth: 'strict', access: 'best-effort' }`. */
  readonly modes?: Partial<Record<AuditCategory, AuditMode>>;
  /** Milliseconds that `strict` waits; 5,000 where not given. */
  readonly deadlineMs?: number;
  /** Needed by `spool`. */
  readonly spool?: {
    /** Of this process alone: in Kubernetes a volume of the pod. Made when it is not there. */
    readonly directory: string;
    /** Of all that waits together; 64 MiB where not given. */
    readonly maxBytes?: number;
  };
}
