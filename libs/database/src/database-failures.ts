import { types } from 'node:util';

const NETWORK_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** PostgreSQL's own codes (appendix A of its manual) for "not now", besides the class 08 of connections. */
const SERVER_CODES = new Set([
  '25006', // read_only_sql_transaction: a failover is on its way
  '3D000', // invalid_catalog_name: the database is not there yet
  '53300', // too_many_connections
  '57014', // query_canceled: the statement timeout
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now
  '57P05', // idle_session_timeout
]);

const DRIVER_NAMES = new Set([
  'DatabaseNotReadyError',
  'QueryRunnerAlreadyReleasedError',
  // The transaction's connection broke between two of its statements.
  'QueryRunnerProviderAlreadyReleasedError',
  'CannotExecuteNotConnectedError',
]);

const DRIVER_MESSAGES =
  /^(timeout exceeded when trying to connect|Connection terminated|Query read timeout|Cannot use a pool after calling end|Client has encountered a connection error|Client was closed|Driver not Connected|timeout expired)/;

/**
 * Whether an error says that PostgreSQL is away (refused, restarting, too slow, not connected yet), as against a
 * statement that is wrong. What was asked for was not promised, and the same may be asked again.
 *
 * Knows the errors of `pg`, of TypeORM (which wraps them), and of Node's sockets.
 */
export function isDatabaseUnavailable(error: unknown): boolean {
  // Not `instanceof`: an error of Node's own sockets may be of another realm, where code runs in a `vm`.
  if (!types.isNativeError(error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (NETWORK_CODES.has(code) || SERVER_CODES.has(code) || /^08\w{3}$/.test(code)) return true;
  if (DRIVER_NAMES.has(error.name) || DRIVER_MESSAGES.test(error.message)) return true;
  if ('driverError' in error && isDatabaseUnavailable(error.driverError)) return true;
  return error.cause !== undefined && isDatabaseUnavailable(error.cause);
}
