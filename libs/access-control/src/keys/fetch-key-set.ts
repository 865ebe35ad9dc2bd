import type { JSONWebKeySet } from 'jose';

const FETCH_TIMEOUT_MS = 3_000;
/** More than any key set of the suite has. */
const LONGEST_BYTES = 64 * 1024;

/** The JWKS at the URL as it is now, past every cache on the way. Rejects when it is not there or is none. */
export async function fetchKeySet(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    // Seldom asked: the issuer may have closed a connection that was kept, and a restarted one surely has.
    headers: { accept: 'application/json', 'cache-control': 'no-cache', connection: 'close' },
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
  });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const text = await response.text();
  if (text.length > LONGEST_BYTES) throw new Error(`${url} answered more than a key set`);
  const body = JSON.parse(text) as { keys?: unknown } | null;
  if (!Array.isArray(body?.keys) || !body.keys.every(isObject)) throw new Error(`${url} answered no key set`);
  return body as JSONWebKeySet;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
