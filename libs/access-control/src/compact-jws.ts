/** Longer than any token of the suite: what is larger is refused before any work is done. */
const LONGEST_TOKEN = 8_192;
const COMPACT = /^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$/;

/** The header parameters that a token of the suite has; one that brings its own key or extension is refused. */
const HEADER_PARAMETERS = new Set(['alg', 'kid', 'typ']);

export interface CompactHeader {
  alg: string;
  kid: string;
  typ: string;
}

/**
 * Reads the header of a JWS in **strict** compact form (RFC 7515 §3.1, RFC 4648 §5): three canonical base64url parts and
 * nothing else. JWT strings are malleable where decoders are lenient (a space, a newline, padding, other bits in the
 * last character), so the strings themselves must be pinned before anything is decided by them.
 *
 * @returns the header, or undefined when the form is not strict, or a parameter is missing or not allowed
 */
export function readCompactHeader(token: string): CompactHeader | undefined {
  if (token.length > LONGEST_TOKEN || !COMPACT.test(token)) return undefined;
  const parts = token.split('.');
  if (!parts.every(isCanonicalBase64Url)) return undefined;
  const header = parseObject(parts[0] ?? '');
  if (header === undefined || !Object.keys(header).every((name) => HEADER_PARAMETERS.has(name)))
    return undefined;
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || typeof kid !== 'string' || typeof typ !== 'string') return undefined;
  return { alg, kid, typ };
}

function isCanonicalBase64Url(part: string): boolean {
  return Buffer.from(part, 'base64url').toString('base64url') === part;
}

function parseObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
