const LONGEST_MS = 24 * 60 * 60 * 1000;
const SECONDS = /^\d+(\.\d+)?$/;
const MILLISECONDS = /^(\d+(?:\.\d+)?)\s*ms$/i;

/**
 * How long a provider asks to be left alone, in milliseconds, at most a day: seconds or a date as in `Retry-After`
 * (RFC 9110 §10.2.3), or milliseconds as `500ms`. Undefined when it is none of these.
 */
export function retryAfterMs(value: number | string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  const wait = typeof value === 'number' ? value * 1000 : readText(value.trim(), now);
  return wait === undefined || Number.isNaN(wait)
    ? undefined
    : Math.round(Math.min(Math.max(wait, 0), LONGEST_MS));
}

function readText(text: string, now: number): number | undefined {
  if (SECONDS.test(text)) return Number(text) * 1000;
  const milliseconds = MILLISECONDS.exec(text)?.[1];
  if (milliseconds !== undefined) return Number(milliseconds);
  return /[a-z]/i.test(text) ? Date.parse(text) - now : undefined;
}
