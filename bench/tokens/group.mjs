import { availableParallelism } from 'node:os';
import { AuthWorld } from '../auth/auth-world.mjs';
import { goalOf } from './goals.mjs';
import { compareRoutes } from './http-routes.mjs';
import { compareVerification } from './local-verification.mjs';
import { measureSessions } from './session-bytes.mjs';
import { FULL, QUICK } from './sizes.mjs';
import { takeSteps } from './steps.mjs';

/** Tokens and sessions: over HTTP, inside auth-service, and verified by another service. */
export const tokens = {
  name: 'tokens',
  title: 'tokens and sessions, beside better-auth and bare libraries',
  about: [
    'Over HTTP with 16 requests under way, both on the same PostgreSQL. `refresh-per-second`: `POST /v1/auth/refresh` rotates ' +
      'the refresh token and signs a new access token, with its audit event committed; beside it `get-session` of ' +
      'better-auth with `updateAge: 0`, which renews the session but has no token to rotate. `session-list`: a user with 6 ' +
      'sessions. `session-check`: `GET /v1/auth/me`, beside `get-session` as it comes.',
    '`local-verify`: by `AccessTokenVerifier` of `libs/access-control`, with 1,000 revocations to look through, beside bare ' +
      '`jose` and `fast-jwt` with the key at hand, checking issuer, audience and type. Cold: each token once; warm: one ' +
      'token over and over.',
    'Steps are the median inside auth-service, one after the other. `token-verify` is a token that it sees for the first ' +
      'time, its session looked up. `session-invalidate` is durable: a committed row in PostgreSQL, published, the session ' +
      'ended; `/redis-alone` is that last step.',
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
    say('  over HTTP');
    const routes = await compareRoutes(world, sizes);
    say('  memory of sessions');
    return [...routes, ...verification, ...steps, ...(await measureSessions(world, sizes))];
  });
}
