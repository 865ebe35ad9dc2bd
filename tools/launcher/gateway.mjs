// The gateway of a development machine: one public origin before the replicas. `docs/operations.md` names those
// for production, which route alike.
import { Agent, createServer } from 'node:http';
import { connect } from 'node:net';
import { createProxyServer } from 'httpxy';
import { rewriteHeaders } from './gateway-headers.mjs';

const ROUTES = [
  { matches: (path) => path === '/v1/auth' || path.startsWith('/v1/auth/'), service: 'auth' },
  { matches: (path) => path.startsWith('/.well-known/'), service: 'auth' },
  { matches: (path) => path.startsWith('/v1/providers'), service: 'providerHealth' },
  { matches: (path) => path.startsWith('/v1/audit'), service: 'audit' },
  { matches: (path) => path === '/v1/projects' || path.startsWith('/v1/projects/'), service: 'projects' },
];

/** Longer than any service keeps quiet on a stream, or thinks about an answer. */
const SILENCE_MS = 120_000;

/**
 * An HTTP server that forwards to the replicas that `replicasOf(service)` answers at the moment of the request.
 * `service` is `auth`, `providerHealth`, `audit` or `projects`; a replica is its origin. For a service that is no part of
 * the suite it answers undefined.
 */
export function createGateway({ replicasOf, log = { say() {} } }) {
  const agent = new ConnectedAgent({ keepAlive: true, maxFreeSockets: 64 });
  const proxy = createProxyServer({ agent, proxyTimeout: SILENCE_MS });
  proxy.on('proxyRes', (answer, request, response) => passAnswer(answer, request, response));
  const turns = new Map();

  const server = createServer((request, response) => {
    void handle(request, response).catch((error) => {
      log.say(`gateway: ${request.method} ${pathOf(request)}: ${error.stack}`);
      problem(request, response, 500, 'internal-error', 'Something went wrong');
    });
  });
  server.keepAliveTimeout = 65_000;
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('close', () => agent.destroy());
  return server;

  async function handle(request, response) {
    request.wantsClose = /\bclose\b/i.test(request.headers.connection ?? '');
    rewriteHeaders(request);
    const path = pathOf(request);
    const route = ROUTES.find(({ matches }) => matches(path));
    const replicas = route && replicasOf(route.service);
    if (!replicas) return problem(request, response, 404, 'not-found', 'There is nothing here');

    for (const target of inTurn(route.service, replicas)) {
      try {
        return await proxy.web(request, response, { target });
      } catch (error) {
        if (response.headersSent || response.destroyed) return response.destroy();
        log.say(`gateway: ${request.method} ${path} to ${target}: ${error.message}`);
        if (!canBeRepeated(request, error))
          return problem(request, response, 502, 'bad-gateway', 'The service broke off');
      }
    }
    response.setHeader('retry-after', '1');
    problem(request, response, 503, 'dependency-unavailable', 'The service is not there just now');
  }

  /** The live replicas of a service, beginning with another one each time. */
  function inTurn(service, replicas) {
    const turn = turns.get(service) ?? 0;
    turns.set(service, turn + 1);
    const first = replicas.length === 0 ? 0 : turn % replicas.length;
    return [...replicas.slice(first), ...replicas.slice(0, first)];
  }
}

/** Hands a connection out when it stands: until then nothing of the request, nor of its body, has been used. */
class ConnectedAgent extends Agent {
  createConnection(options, done) {
    const socket = connect(options);
    socket.once('connect', () => {
      socket.off('error', done);
      done(null, socket);
    });
    socket.once('error', done);
  }
}

/** Nothing was sent, or what was sent changes nothing and has no body. */
function canBeRepeated(request, error) {
  if (error.syscall === 'connect') return true;
  const bodiless = !request.headers['content-length'] && !request.headers['transfer-encoding'];
  return error.code === 'ECONNRESET' && bodiless && ['GET', 'HEAD'].includes(request.method);
}

function passAnswer(answer, request, response) {
  delete answer.headers['keep-alive'];
  answer.headers.connection = request.wantsClose ? 'close' : 'keep-alive';
  // A stream's head goes out at once, not with its first event.
  if (answer.headers['content-length'] === undefined) process.nextTick(() => response.flushHeaders());
}

function pathOf(request) {
  return request.url.split('?', 1)[0];
}

function problem(request, response, status, type, title) {
  if (response.headersSent || response.destroyed) return void response.destroy();
  const requestId = request.headers['x-request-id'];
  const body = JSON.stringify({ type, title, status, instance: pathOf(request), requestId });
  request.resume(); // an upload that nobody reads
  response.writeHead(status, {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(body),
    'x-request-id': requestId,
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
