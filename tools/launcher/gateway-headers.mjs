import { randomUUID } from 'node:crypto';

/** What only a gateway may say: who the caller is, and where the request came from. */
const FORBIDDEN =
  /^(x-auth-.*|forwarded|x-forwarded(-.*)?|x-original-.*|x-real-ip|(x-|true-|x-cluster-)client-ip|cf-connecting-ip)$/;
/** Between two neighbours only (RFC 9110 §7.6.1). `transfer-encoding` stays: the body is passed on as it comes. */
const HOP_BY_HOP = [
  'connection',
  'proxy-connection',
  'keep-alive',
  'te',
  'trailer',
  'upgrade',
  'proxy-authorization',
];
const REQUEST_ID = /^[\w.:-]{1,128}$/;

/**
 * Rewrites the headers of a request before it goes to a service. Header names arrive in lower case; an underscore
 * counts as a hyphen, because some servers take one for the other.
 */
export function rewriteHeaders(request) {
  const { headers } = request;
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  for (const name of Object.keys(headers)) {
    if (FORBIDDEN.test(name.replaceAll('_', '-'))) delete headers[name];
  }
  for (const name of [...HOP_BY_HOP, ...named]) {
    if (name !== 'transfer-encoding' && name !== 'content-length') delete headers[name];
  }
  delete headers.expect; // answered by this server already

  const address = request.socket.remoteAddress?.replace(/^::ffff:/, '') ?? 'unknown';
  const host = headers.host ?? '';
  headers.forwarded = [
    `for=${address.includes(':') ? `"[${address}]"` : address}`,
    `host="${host.replace(/["\\]/g, '\\$&')}"`,
    'proto=http',
  ].join(';');
  headers['x-forwarded-for'] = address;
  headers['x-forwarded-host'] = host;
  headers['x-forwarded-port'] = String(request.socket.localPort);
  headers['x-forwarded-proto'] = 'http';
  headers['x-request-id'] = REQUEST_ID.test(headers['x-request-id'] ?? '')
    ? headers['x-request-id']
    : randomUUID();
}
