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

export interface CompactJws {
  header: CompactHeader;
  claims: Record<string, unknown>;
  /** Header and claims as they were signed, with the dot between them. */
  signed: string;
  signature: Buffer;
}

/**
 * Reads a JWS in **strict** compact form (RFC 7515 §3.1, RFC 4648 §5): three canonical base64url parts and nothing else,
 * header and claims as `JSON.stringify` writes them. JWT strings are malleable where decoders are lenient (a space, a
 * newline, padding, other bits in the last character, a member twice), so the strings themselves must be pinned before
 * anything is decided by them.
 *
 * @param longest what has more characters is refused
 * @returns its parts, unverified; undefined when the form is not strict, or a header parameter is missing or not allowed
 */
export function readCompactJws(token: string, longest = LONGEST_TOKEN): CompactJws | undefined {
  if (token.length > longest || !COMPACT.test(token)) return undefined;
  const [dot, lastDot] = [token.indexOf('.'), token.lastIndexOf('.')];
  const last = token.slice(lastDot + 1);
  const header = parseObject(token.slice(0, dot));
  const claims = parseObject(token.slice(dot + 1, lastDot));
  const signature = Buffer.from(last, 'base64url');
  if (header === undefined || claims === undefined || signature.toString('base64url') !== last)
    return undefined;
  if (!Object.keys(header).every((name) => HEADER_PARAMETERS.has(name))) return undefined;
  const { alg, kid, typ } = header;
  if (typeof alg !== 'string' || typeof kid !== 'string' || typeof typ !== 'string') return undefined;
  return { header: { alg, kid, typ }, claims, signed: token.slice(0, lastDot), signature };
}

/** The header of a token that `readCompactJws` can read. */
export const readCompactHeader = (token: string): CompactHeader | undefined => readCompactJws(token)?.header;

/** An object that its writer wrote in one way only: written again it is the same text. That leaves out members twice. */
function parseObject(part: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const written = Buffer.from(JSON.stringify(value)).toString('base64url');
    return written === part ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
