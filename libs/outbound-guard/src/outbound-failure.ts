/**
 * - `url`: not an http or https URL, or one with credentials in it;
 * - `address`: an address that must not be reached; nothing was sent;
 * - `timeout`: not done in time, whatever part of it;
 * - `network`: no such name, refused, reset, cut off;
 * - `tls`: no trust in whom it reached;
 * - `protocol`: what came is no HTTP, or headers beyond all bounds;
 * - `cancelled`: the caller's own signal.
 */
export type OutboundFailureKind =
  'url' | 'address' | 'timeout' | 'network' | 'tls' | 'protocol' | 'cancelled';

/** Why there is no answer. The message holds neither the URL nor anything that was sent or came. */
export class OutboundFailure extends Error {
  constructor(
    readonly kind: OutboundFailureKind,
    /** Of Node or undici, e.g. `ECONNREFUSED`. */
    readonly code?: string,
  ) {
    super(code === undefined ? kind : `${kind}: ${code}`);
    this.name = 'OutboundFailure';
  }
}

const TIMEOUTS = new Set([
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
]);

const CERTIFICATE =
  /CERT|^(UNABLE_TO_|ERR_TLS_|ERR_SSL_|EPROTO$|HOSTNAME_MISMATCH$|INVALID_CA$|INVALID_PURPOSE$)/;

/** What an error of the connection comes to; `cancelled` and the deadline are the caller's to tell. */
export function toOutboundFailure(error: unknown): OutboundFailure {
  if (error instanceof OutboundFailure) return error;
  const code = codeOf(error);
  if (isOfParser(error)) return new OutboundFailure('protocol', code);
  if (code === undefined) return new OutboundFailure('network');
  if (TIMEOUTS.has(code)) return new OutboundFailure('timeout', code);
  if (CERTIFICATE.test(code)) return new OutboundFailure('tls', code);
  if (code === 'UND_ERR_HEADERS_OVERFLOW' || code.endsWith('_MISMATCH'))
    return new OutboundFailure('protocol', code);
  return new OutboundFailure('network', code);
}

/** undici gives most of what its parser refuses no code. */
function isOfParser(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'HTTPParserError';
}

function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? codeOf(error.cause) : undefined;
}
