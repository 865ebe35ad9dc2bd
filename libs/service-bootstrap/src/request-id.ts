import type { IncomingHttpHeaders } from 'node:http';
import { v7 as uuidv7 } from 'uuid';

const ACCEPTABLE = /^[\w.-]{1,64}$/;

/** The `X-Request-Id` that a gateway gave when it is harmless to log and echo, else a new UUIDv7. */
export function requestId(headers: IncomingHttpHeaders): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && ACCEPTABLE.test(given) ? given : uuidv7();
}
