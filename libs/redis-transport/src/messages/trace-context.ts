import { AsyncLocalStorage } from 'node:async_hooks';

/** `version-traceid-parentid-flags` of W3C Trace Context, section 3.2. */
const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

const current = new AsyncLocalStorage<string>();

/**
 * Runs work on behalf of a trace: what it sends over the transport carries the same `traceparent`, unless it says
 * another one. Handlers of messages run so by themselves; what is no `traceparent` is passed over.
 */
export function withTraceparent<Result>(traceparent: string | undefined, work: () => Result): Result {
  return traceparent !== undefined && TRACEPARENT.test(traceparent) ? current.run(traceparent, work) : work();
}

/** The `traceparent` on whose behalf this runs. */
export function currentTraceparent(): string | undefined {
  return current.getStore();
}
