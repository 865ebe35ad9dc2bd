import type { FailureClass } from '@gatehouse/provider-health-contracts';
import { retryAfterMs } from '@gatehouse/provider-health-rules';
import { type ErrorShape, isFields, shapeOf } from './error-shape.js';
import { classOfStatus } from './failure-status.js';
import { classOfWords } from './failure-words.js';
import { classOfCode } from './network-codes.js';
import type { ProviderFailure } from './provider-failure.js';
import { publicMessage } from './public-message.js';

/** A chain of causes is followed no further. */
const DEEPEST = 5;

const CLASS_OF_NAME: Readonly<Record<string, FailureClass>> = {
  AbortError: 'cancelled',
  APIUserAbortError: 'cancelled',
  CanceledError: 'cancelled',
  // Our own: no call was made.
  ProviderKeyUnavailableError: 'client',
  TimeoutError: 'timeout',
  APIConnectionTimeoutError: 'timeout',
  ThrottlingException: 'rate-limited',
};

/** Thrown by code that is wrong; fetch's own `TypeError` has a cause, which is looked at before. */
const PROGRAMMING = ['TypeError', 'ReferenceError', 'RangeError', 'EvalError', 'AssertionError'];

/**
 * What an error says of the provider that was called. It reads shapes, not classes: fetch and undici, `Response`, the SDKs
 * of OpenAI and Anthropic with the error events inside their streams, axios, got, AWS. An error of the caller's own code is
 * `client` and counts as nothing; JSON that does not parse is the provider's; what nobody knows is `server`, so that the
 * next provider is asked.
 *
 * @param now milliseconds since 1970, for a `Retry-After` that is a date
 */
export function classifyError(error: unknown, now: number): ProviderFailure {
  const shape = shapeOf(error);
  const causes = causesOf(error);
  const retryAfter = retryAfterOf(shape, now);
  const found = [error, ...causes].map(classOf).find((known) => known !== undefined);
  // The last of them is what happened first.
  const inner = causes.length === 0 ? undefined : shapeOf(causes.at(-1)).message;
  const status = shape.status === undefined ? '' : `${shape.status} `;
  const message = `${shape.message.startsWith(status) ? '' : status}${shape.message}${inner === undefined ? '' : `: ${inner}`}`;
  return {
    class: found ?? classOfLast(shape),
    message: publicMessage(message),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/** Of an error of which nothing better is known. */
function classOfLast({ names }: ErrorShape): FailureClass {
  // Of an SDK that could not connect, and whose cause says nothing.
  if (names.includes('APIConnectionError')) return 'network';
  return names.some((name) => PROGRAMMING.includes(name)) ? 'client' : 'server';
}

function classOf(error: unknown): FailureClass | undefined {
  const shape = shapeOf(error);
  const { names, status, words } = shape;
  const name = names.find((name) => Object.hasOwn(CLASS_OF_NAME, name));
  if (name !== undefined) return CLASS_OF_NAME[name];
  const byWord = classOfWords(words, status !== undefined);
  if (byWord !== undefined) return byWord;
  if (status !== undefined) return classOfStatus(status, shape.header('retry-after') !== undefined);
  const byCode = words.map(classOfCode).find((known) => known !== undefined);
  if (byCode !== undefined) return byCode;
  if (names.includes('SyntaxError')) return 'server';
  return undefined;
}

/** What lies behind an error, the nearest first. */
function causesOf(error: unknown, depth = 0): unknown[] {
  if (!isFields(error) || depth === DEEPEST) return [];
  const { cause, errors, lastError } = error as { cause?: unknown; errors?: unknown; lastError?: unknown };
  const next = cause ?? lastError ?? (Array.isArray(errors) ? (errors[0] as unknown) : undefined);
  return isFields(next) ? [next, ...causesOf(next, depth + 1)] : [];
}

function retryAfterOf({ header }: ErrorShape, now: number): number | undefined {
  const milliseconds = header('retry-after-ms') ?? header('x-ms-retry-after-ms');
  const wait =
    retryAfterMs(milliseconds === undefined ? undefined : `${milliseconds}ms`, now) ??
    retryAfterMs(header('retry-after'), now);
  return wait === undefined ? undefined : wait / 1000;
}
