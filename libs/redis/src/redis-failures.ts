const CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'NR_CLOSED',
]);

/** First words of answers by which Redis says that it cannot serve now. */
const ANSWERS =
  /^(LOADING|BUSY|READONLY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MISCONF|OOM|NOAUTH|WRONGPASS)\b/;

const MESSAGES = [
  'Connection is closed.',
  "Stream isn't writeable and enableOfflineQueue options is false",
  'Command timed out',
  'connect ETIMEDOUT',
];

/**
 * Whether Redis is away (not reachable, loading, out of memory, refusing writes) rather than the command wrong. The
 * caller answers `503 dependency-unavailable`. A command that was cut off may still have been done.
 */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'MaxRetriesPerRequestError' || error.name === 'AbortError') return true;
  if ('code' in error && typeof error.code === 'string' && CODES.has(error.code)) return true;
  if (error.name === 'ReplyError') return ANSWERS.test(error.message);
  return MESSAGES.includes(error.message);
}
