import { availableParallelism } from 'node:os';
import { AuthWorld } from '../auth/auth-world.mjs';
import { goalOf } from './goals.mjs';
import { compareRoutes } from './http-routes.mjs';
import { compareVerification } from './local-verification.mjs';
import { measureMessages } from './message-verification.mjs';
import { measureSessions } from './session-bytes.mjs';
import { FULL, QUICK } from './sizes.mjs';
import { takeSteps } from './steps.mjs';

/** Tokens and sessions: over HTTP, inside auth-service, and verified by another service. */
export const tokens = {
  name: 'tokens',
  title: 'tokens and sessions, beside better-auth and bare libraries',
  about: [
    'Over HTTP with 16 requests under way, both on the same PostgreSQL. `refresh-per-second`: `POST /v1/auth/refresh` rotates ' +
      'the refresh token, signs a new access token, and commits the audit event together with the question whether the session ' +
      'has been revoked. Beside it `get-session` of `better-auth` with `updateAge: 0`, which reads and renews the session, ' +
      'committed as well: it rotates nothing, signs no token and leaves no trace. `better-auth-jwt` is the same with its JWT ' +
      'plugin, which adds the ES256 access token. Each side commits once, with `synchronous_commit` on; the cookie cache of ' +
      'better-auth, off as it comes, would leave out its database and the revocations in it. Events are not shipped: no ' +
      'audit-service runs.',
    '`session-list`: a user with 6 sessions. `session-check`: `GET /v1/auth/me`, beside `get-session` as it comes. ' +
      '`message-verify-token`: `auth.verify-token` over the transport, the session looked up, with 1 and 64 under way.',
    '`local-verify`: by `AccessTokenVerifier` of `libs/access-control`, with 1,000 revocations to look through, beside bare ' +
      '`jose` and `fast-jwt` with the key at hand, checking issuer, audience and type. Cold: each token once; warm: one ' +
      'token over and over.',
    'Steps are the median inside auth-service, one after the other: `TokenManager` creates and verifies, `SessionManager` creates, ' +
      'finds and invalidates. `token-verify` is a token that it sees for the first time, its session looked up; `/again` the ' +
      'second time. `session-create` is the session on Redis within a transaction, as in a sign-in, whose event it leaves out. ' +
      '`session-invalidate` is durable: it holds a commit of PostgreSQL; `bare-commit` is that of one row and nothing else, which it ' +
      'cannot be faster than. The session ' +
      'is committed as revoked, published, and ended on Redis; `/redis-alone` is that last step, `bare-ping` a bare answer of Redis.',
    '`session-bytes`: growth of `used_memory` by so many sessions, each with a sorted set of its own, as a sign-in with a ' +
      'current browser makes them.',
    'CPU is that of the process that serves, for each call.',
  ],
  limits: () => [`The callers share ${availableParallelism()} cores with the service and its engines.`],
  goalOf,
  run,
};

async function run({ quick, engines, say, signal }) {
  const sizes = quick ? QUICK : FULL;
  return AuthWorld.use({ engines, signal, accounts: sizes.clients }, async (world) => {
    say('  steps of auth-service');
    const steps = await takeSteps(world, sizes);
    say('  verification in a service');
    const verification = await compareVerification(world, { ...sizes, signal });
    say('  over the transport');
    const messages = await measureMessages(world, { ...sizes, signal });
    say('  over HTTP');
    const routes = await compareRoutes(world, sizes);
    say('  memory of sessions');
    return [...routes, ...messages, ...verification, ...steps, ...(await measureSessions(world, sizes))];
  });
}
