/**
 * What a `Retry-After` asks for, in milliseconds: seconds or a date (RFC 9110 §10.2.3). Undefined when it is neither, or
 * already over.
 *
 * @param now ms since 1970
 */
export function readRetryAfter(header: string | string[] | undefined, now: number): number | undefined {
  if (typeof header !== 'string') return undefined;
  const text = header.trim();
  const wait = /^\d{1,9}$/.test(text)
    ? Number(text) * 1000
    : /[a-z]/i.test(text)
      ? Date.parse(text) - now
      : NaN;
  return wait > 0 ? wait : undefined;
}
