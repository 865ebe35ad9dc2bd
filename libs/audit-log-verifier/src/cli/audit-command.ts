import type { TrustedLog } from '@gatehouse/transparency-log';
import type { LogSource } from '../live/log-source.js';

/** It was called wrongly. */
export class UsageError extends Error {}

/** Where a command writes. */
export interface AuditCommandOutput {
  /** Resolves when it is written. */
  out(text: string): unknown;
  err(text: string): unknown;
  /** Somebody wants it to end. */
  readonly stop: AbortSignal;
}

export interface AuditCommandCall {
  /** A file or a URL. */
  readonly subject: string;
  readonly log: TrustedLog;
  /** The file that remembers the last checkpoint. */
  readonly state: string | undefined;
  readonly from: number | undefined;
  readonly to: number | undefined;
  readonly out: string | undefined;
  readonly output: AuditCommandOutput;
  /** The service at the URL. */
  readonly api: () => LogSource;
}

/** @throws VerificationFailedError, ServiceAnswerError, UsageError */
export type AuditCommand = (call: AuditCommandCall) => Promise<void>;
