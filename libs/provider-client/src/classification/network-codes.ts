import type { FailureClass } from '@gatehouse/provider-health-contracts';

const CLASSES: Readonly<Record<string, FailureClass>> = {
  ETIMEDOUT: 'timeout',
  ESOCKETTIMEDOUT: 'timeout',
  // axios' own timeout
  ECONNABORTED: 'timeout',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  UND_ERR_ABORTED: 'cancelled',
  ABORT_ERR: 'cancelled',
  ERR_CANCELED: 'cancelled',
  ERR_NETWORK: 'network',
  // Our own process is out of descriptors, ports or memory, or was given what is no request: not the provider's fault.
  EMFILE: 'client',
  ENFILE: 'client',
  ENOBUFS: 'client',
  EADDRNOTAVAIL: 'client',
  ERR_INVALID_URL: 'client',
  ERR_INVALID_ARG_TYPE: 'client',
  ERR_BAD_OPTION: 'client',
  UND_ERR_INVALID_ARG: 'client',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'client',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'server',
  UND_ERR_HEADERS_OVERFLOW: 'server',
};

/** Codes of errors of sockets, DNS, TLS and certificates. */
const NETWORK =
  /^(E(?!RR_)[A-Z_]+|UND_ERR_[A-Z_]+|ERR_(TLS|SSL|STREAM)_[A-Z_]+|(CERT|UNABLE_TO|DEPTH_ZERO|SELF_SIGNED)_[A-Z_]+)$/;
/** What answers is no HTTP. */
const NO_HTTP = /^HPE_/;

/** What a code of Node, undici or axios says of the provider; undefined when it is none. */
export function classOfCode(code: string): FailureClass | undefined {
  if (Object.hasOwn(CLASSES, code)) return CLASSES[code];
  if (NO_HTTP.test(code)) return 'server';
  return NETWORK.test(code) ? 'network' : undefined;
}
