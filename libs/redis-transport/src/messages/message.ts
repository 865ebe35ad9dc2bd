import type { MessageHeaders } from './message-headers.js';

/** What travels in one entry of a stream. */
export interface Message {
  readonly pattern: string;
  readonly headers: MessageHeaders;
  readonly data: unknown;
  /** Id of the event before this one with the same key. */
  readonly after?: string;
}

/** An entry as Redis gives it: `<ms>-<n>` and its fields and values in turn. */
export interface StreamEntry {
  readonly id: string;
  readonly fields: readonly string[];
}

/** An entry that this transport did not write, or that was cut. */
export class MalformedMessageError extends Error {
  override readonly name = 'MalformedMessageError';
}

/** Fields and values of the entry; `data` is JSON already. */
export function toFields(pattern: string, headers: MessageHeaders, data: string): string[] {
  return ['pattern', pattern, 'headers', JSON.stringify(headers), 'data', data];
}

/** @throws MalformedMessageError */
export function toMessage(fields: readonly string[]): Message {
  const { pattern, headers, data, after } = partsOf(fields);
  if (pattern === undefined || headers === undefined || data === undefined) {
    throw new MalformedMessageError('An entry without pattern, headers or data');
  }
  try {
    return { pattern, headers: stringsOf(JSON.parse(headers)), data: JSON.parse(data) as unknown, after };
  } catch (error) {
    throw new MalformedMessageError('An entry that is no JSON', { cause: error });
  }
}

/** When the entry was added, by the clock of Redis: the first part of its id, in milliseconds since 1970. */
export function addedAt(entryId: string): number {
  return Number(entryId.split('-', 1)[0]);
}

function partsOf(fields: readonly string[]) {
  const parts: Partial<Record<'pattern' | 'headers' | 'data' | 'after', string>> = {};
  for (let index = 0; index + 1 < fields.length; index += 2) {
    const [name, value] = [fields[index], fields[index + 1]];
    if (name === 'pattern' || name === 'headers' || name === 'data' || name === 'after') parts[name] = value;
  }
  return parts;
}

function stringsOf(value: unknown): MessageHeaders {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('no headers');
  if (Object.values(value).every((text) => typeof text === 'string')) return value as MessageHeaders;
  return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text === 'string'));
}
