import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { toProblem } from '@gatehouse/problem-details';
import { withTraceparent } from '@gatehouse/redis-transport';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { requestId } from './request-id.js';

/** The largest body that a route takes unless it says otherwise, by `@RouteConfig({ bodyLimit })` of Nest's adapter. */
const BODY_LIMIT_BYTES = 1024 * 1024;
/** A client that has not sent its request by then is cut off. */
const REQUEST_TIMEOUT_MS = 30_000;

export interface HttpAdapterOptions {
  trustedProxies: readonly string[];
  logger: Logger;
}

/**
 * Fastify as every service runs it: bounded bodies, request ids, client addresses only from trusted proxies, and
 * problem+json also for what fails before a route is found.
 */
export function createHttpAdapter({ trustedProxies, logger }: HttpAdapterOptions): FastifyAdapter {
  const adapter = new FastifyAdapter({
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    genReqId: (request: IncomingMessage) => requestId(request.headers),
    // A request on a connection that was open before the service began to stop is answered like any other.
    return503OnClosing: false,
    frameworkErrors: sendProblem,
    clientErrorHandler: answerBrokenRequest,
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (route) => {
    const { bodyLimit } = (route.config ?? {}) as { bodyLimit?: number };
    if (bodyLimit !== undefined) route.bodyLimit = bodyLimit;
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.id);
    const { traceparent } = request.headers;
    withTraceparent(typeof traceparent === 'string' ? traceparent : undefined, done);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    // Fastify would close the connection under a body that is too large; a client, or a gateway, that is still sending then
    // sees a broken pipe in place of the answer. Kept open, the rest is read and dropped, for as long as a request may take.
    if (reply.statusCode === 413 && !request.raw.complete) void reply.header('connection', 'keep-alive');
    done(null, payload);
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    logger.info(
      {
        requestId: request.id,
        method: request.method,
        // The route as it was declared: an address may hold what belongs in no log.
        route: request.routeOptions.url ?? '(none)',
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
      },
      'request',
    );
    done();
  });
  return adapter;
}

function sendProblem(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const problem = toProblem(error);
  void reply
    .status(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, requestId: String(request.id) }));
}

/** What is not HTTP at all, or has headers beyond all measure, never becomes a request: answer on the socket. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const status =
    error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify(toProblem(Object.assign(new Error(), { statusCode: status })));
  socket.end(
    `HTTP/1.1 ${status} Refused\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
