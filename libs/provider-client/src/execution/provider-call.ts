import { ProviderResponseError } from '../classification/provider-response.error.js';
import type { CallContext, ProviderCall } from './execution-options.js';

/** A `Response` of fetch, of whichever realm or version of undici. */
function isResponse(value: unknown): value is Response {
  if (typeof value !== 'object' || value === null) return false;
  const { ok, status, headers } = value as Partial<Response>;
  return typeof ok === 'boolean' && typeof status === 'number' && typeof headers?.get === 'function';
}

/**
 * Makes the call; a `Response` that is no success is thrown.
 *
 * @throws ProviderResponseError, or what the call threw
 */
export async function make<T>(call: ProviderCall<T>, context: CallContext): Promise<T> {
  const value = await call(context);
  if (isResponse(value) && !value.ok) throw await ProviderResponseError.of(value);
  return value;
}

/** Lets go of what came too late: a connection is free again. */
export function discard(value: unknown): void {
  if (isResponse(value) && !value.bodyUsed) void value.body?.cancel().catch(() => {});
}

export type Streamable<T> = AsyncIterable<T> | { body: AsyncIterable<T> | ReadableStream<T> | null };

/** Ended without a single chunk. */
export class EmptyStreamError extends Error {
  constructor() {
    super('The stream ended before its first chunk');
    this.name = 'EmptyStreamError';
  }
}

/** The chunks of an iterable or of a response's body, the first of them there already. */
export interface OpenedStream<T> {
  first: T;
  iterator: AsyncIterator<T>;
}

/** @throws EmptyStreamError, or what the stream threw */
export async function openStream<T>(of: Streamable<T>): Promise<OpenedStream<T>> {
  const chunks = 'body' in of ? of.body : of;
  if (chunks === null) throw new EmptyStreamError();
  // A ReadableStream of Node is iterable, whatever the types of browsers say.
  const iterator = (chunks as AsyncIterable<T>)[Symbol.asyncIterator]();
  const first = await iterator.next();
  if (first.done === true) throw new EmptyStreamError();
  return { first: first.value, iterator };
}

/** Stops a stream that nobody reads any more; an iterator that is busy answers when it likes. */
export function stop(iterator: AsyncIterator<unknown>): void {
  void Promise.resolve(iterator.return?.()).catch(() => {});
}
