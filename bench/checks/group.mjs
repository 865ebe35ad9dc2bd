import { availableParallelism } from 'node:os';
import { AuthWorld } from '../auth/auth-world.mjs';
import { goalOf } from './goals.mjs';
import { compareGuards } from './guards.mjs';
import { measureRevocations } from './revocation-lag.mjs';
import { FULL, QUICK } from './sizes.mjs';
import { measureVerifyRoute } from './verify-route.mjs';

/** What a check costs a service, and how soon a right that was taken away is gone everywhere. */
export const checks = {
  name: 'checks',
  title: 'guards and revocations, beside an empty guard and casbin',
  about: [
    '`guard-role-permission`: a request that `@Roles` and `@RequirePermission` let in, in the guards as Nest runs them, the caller ' +
      'known; `/with-token` has the first guard too: a token whose signature was found good before, its claims, key, ' +
      'revocation and role looked at, with 1,000 revocations in force. `empty-guard` returns true. `casbin` answers the ' +
      'question of the permission alone (`enforce`) by a model with the same roles and permissions in memory; ' +
      '`casbin-cached` remembers its answers.',
    '`verify-route-per-second`: `GET /v1/auth/verify?permission=…`, which nginx asks for each request, with 16 under way and the ' +
      'session looked up each time; `GET /v1/auth/me` answers a body. CPU is that of auth-service, for each call.',
    '`revocation-lag-p99`: from the answer to `POST /v1/auth/logout` until the last of the verifying processes refuses the ' +
      'access token, each looking once a millisecond; one that refuses before the answer counts as 0. With so many other ' +
      'revocations in force, `revocation-memory` is what these take in the heap of each process.',
  ],
  limits: () => [
    `The verifying processes share ${availableParallelism()} cores with auth-service and its engines.`,
  ],
  goalOf,
  run,
};

async function run({ quick, engines, say, signal }) {
  const sizes = { ...(quick ? QUICK : FULL), signal };
  say('  guards');
  const guards = await compareGuards(sizes);
  return AuthWorld.use({ engines, signal, accounts: sizes.clients }, async (world) => {
    say('  the route of gateways');
    const route = await measureVerifyRoute(world, sizes);
    say('  revocations');
    return [...guards, ...route, ...(await measureRevocations(world, sizes))];
  });
}
