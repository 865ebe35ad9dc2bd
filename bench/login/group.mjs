import { availableParallelism } from 'node:os';
import { AuthWorld } from '../auth/auth-world.mjs';
import { describeWatcher, flood } from './flood.mjs';
import { goalOf } from './goals.mjs';
import { FULL, QUICK } from './sizes.mjs';
import { compareLogins } from './throughput.mjs';
import { compareTimes, describeDifference } from './time-difference.mjs';

const DIFFERENCE = 'login-time-difference/';

/** Signing in to a real auth-service over HTTP, beside the hashing that it cannot do without and beside better-auth. */
export const login = {
  name: 'login',
  title: 'signing in, beside the hashing alone and beside better-auth',
  about: [
    '`POST /v1/auth/login` of one auth-service process with its own engines, without limits and without logs: each login checks a ' +
      'password, begins a session in Redis, and writes its audit event in a committed transaction of PostgreSQL. ' +
      'audit-service is not there; its events stay in the outbox.',
    '`logins-per-cpu-second` counts the CPU of the process that serves, `/with-engines` that of PostgreSQL and Redis too. ' +
      '`bare-…` checks the same hash by one binding and does nothing else. `better-auth` is as it comes, with scrypt; ' +
      '`better-auth-argon2id` hashes by `@node-rs/argon2` with the same parameters. Both use the same PostgreSQL.',
    'All sides take turns round by round after a warm-up of many hundred logins (until then V8 compiles), with as many logins under way as there are cores; a figure is the ' +
      'median of the rounds.',
    '`flood`: ten times the logins per second that were reached at capacity, for 30 seconds, whatever becomes of them; ' +
      'the other route is `GET /v1/auth/me`, every 10 ms. `flood-memory` is the greatest resident memory.',
    '`login-time-difference`: failed logins one after the other, of an unknown account, a disabled one (with its right ' +
      'password) and with an empty password, each beside those with a wrong password: the difference of the medians.',
  ],
  limits: (results) => [
    `The callers share ${availableParallelism()} cores with the service and its engines: at ten times the capacity they ` +
      'too are short of them.',
    ...results
      .filter(({ lateMs, beside }) => lateMs !== undefined && beside.length === 2)
      .map(describeWatcher),
    ...results.filter(({ name }) => name.startsWith(DIFFERENCE)).map(describeDifference),
  ],
  goalOf,
  run,
};

async function run({ quick, engines, say, signal }) {
  const sizes = quick ? QUICK : FULL;
  return AuthWorld.use({ engines, signal, accounts: sizes.accounts }, async (world) => {
    say('  logins for each second of CPU');
    const throughput = await compareLogins(world, sizes);
    say('  times of failed logins');
    const differences = await compareTimes(world, sizes);
    say('  ten times the capacity');
    return [...throughput, ...differences, ...(await flood(world, sizes))];
  });
}
