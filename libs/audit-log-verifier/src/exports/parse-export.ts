import { HASH_BYTES } from '@gatehouse/transparency-log';
import { VerificationFailedError } from '../verification-failed-error.js';
import { EXPORT_FORMAT, type ExportLine, type ExportManifest } from './export-format.js';

/**
 * Reads a line of an export.
 *
 * @param next the event that is expected there, for whoever reads what is wrong
 * @throws VerificationFailedError when it is none
 */
export function parseExportLine(text: string, next: number): ExportLine | { manifest: ExportManifest } {
  const value = parseJson(text, next);
  if (isFields(value) && isFields(value['manifest'])) {
    if (!isManifest(value['manifest'])) throw new VerificationFailedError('the manifest is malformed');
    return { manifest: value['manifest'] };
  }
  if (!isLine(value))
    throw new VerificationFailedError('the line of this event, or one before it, is malformed', next);
  return value;
}

function parseJson(text: string, next: number): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new VerificationFailedError('the line is no JSON', next, { cause: error });
  }
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isSeq = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;
const isHash = (value: unknown): value is string =>
  typeof value === 'string' && Buffer.from(value, 'base64').length === HASH_BYTES;
const isHashes = (value: unknown): boolean => Array.isArray(value) && value.every(isHash);
const isOptional = (value: unknown, test: (value: unknown) => boolean) => value === undefined || test(value);
const isPlace = (value: unknown) => value === null || isSeq(value);

function isLine(value: unknown): value is ExportLine {
  if (!isFields(value)) return false;
  const { seq, leaf, leafHash, before, columns, event } = value;
  return (
    isSeq(seq) &&
    typeof leaf === 'string' &&
    isHash(leafHash) &&
    isOptional(before, isHashes) &&
    isOptional(columns, isFields) &&
    isOptional(event, isFields)
  );
}

function isManifest(value: unknown): value is ExportManifest {
  if (!isFields(value)) return false;
  const { format, filter, count, firstSeq, lastSeq, size, after, checkpoint } = value;
  return (
    format === EXPORT_FORMAT &&
    isFields(filter) &&
    [count, size].every(isSeq) &&
    [firstSeq, lastSeq].every(isPlace) &&
    isHashes(after) &&
    typeof checkpoint === 'string'
  );
}
