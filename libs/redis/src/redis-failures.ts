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

/** Codes of answers by which Redis says that it cannot serve now, or not on this connection. */
const ANSWERS = new Set([
  ...['LOADING', 'BUSY', 'READONLY', 'MASTERDOWN', 'NOREPLICAS', 'MISCONF', 'OOM', 'NOAUTH', 'WRONGPASS'],
  ...['CLUSTERDOWN', 'TRYAGAIN', 'MOVED', 'ASK'],
]);

const MESSAGES = [
  "Cluster isn't ready and enableOfflineQueue options is false",
  'None of startup nodes is available',
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
  if (error.name === 'ReplyError') return ANSWERS.has(redisErrorCode(error) ?? '');
  return MESSAGES.includes(error.message) || error.message.startsWith('Too many Cluster redirections');
}

/** What a script passed on, until Redis 7: `ERR Error running script (call to f_…): @user_script:1: -OOM command …`. */
const PASSED_ON = /^ERR Error running script \(call to f_\w+\): (?:@user_script: ?\d+: )+-?/;

/** The first word of an error that Redis answered, `NOGROUP`; also where a script has passed it on. */
export function redisErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return /^[A-Z]+\b/.exec(error.message.replace(PASSED_ON, ''))?.[0];
}
