import { createHash } from 'node:crypto';
import { z } from 'zod';

/** An entry of the stream of outcomes, as Redis has it. */
export interface StreamEntry {
  id: string;
  fields: string[];
}

const Outcomes = z.array(z.tuple([z.string().max(64), z.string().max(64), z.number().min(0).nullable()]));

export interface ReportedEntry {
  /** By the clock of Redis, ms since 1970. */
  at: number;
  /** `success` or the class of the failure, and the response time in ms. */
  outcomes: [provider: string, kind: string, responseTimeMs: number | null][];
}

/** Reads an entry as the recording script wrote it. @throws Error when it is none */
export function readOutcomes({ fields }: StreamEntry): ReportedEntry {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2)
    values.set(fields[index] as string, fields[index + 1] as string);
  const at = Number(values.get('at'));
  if (!Number.isSafeInteger(at) || at < 0 || at > 8.64e15) throw new TypeError('Not an entry of outcomes');
  return { at, outcomes: Outcomes.parse(JSON.parse(values.get('outcomes') ?? '')) };
}

/** Of the id, when the entry was added: ms since 1970 by the clock of Redis. */
export const addedAt = ({ id }: Pick<StreamEntry, 'id'>): number => Number(id.split('-')[0]);

export const FINGERPRINT_BYTES = 8;

/**
 * By what an entry is known again: its id and what it says. The id alone would not do: a stream that was flushed, or a
 * Redis whose clock went back, gives an id a second time.
 */
export const fingerprint = ({ id, fields }: StreamEntry): Buffer =>
  createHash('sha1')
    .update(JSON.stringify([id, fields]))
    .digest()
    .subarray(0, FINGERPRINT_BYTES);
