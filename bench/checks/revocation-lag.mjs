import { fileURLToPath } from 'node:url';
import { MeasuredProcess } from '../measured-process.mjs';
import { percentile } from '../statistics.mjs';

const VERIFIER = fileURLToPath(new URL('verifier.process.mjs', import.meta.url));
const NS_PER_MS = 1e6;
const MEBIBYTE = 1024 * 1024;

/** How long a revoked session is accepted somewhere, with few revocations in force and with many, and what they cost. */
export async function measureRevocations(world, { verifiers: count, lags, live, signal }) {
  const start = () => startVerifiers(world, count, signal);
  const few = await start();
  const lagOfFew = await measureLag(world, few, lags);
  const [before] = await Promise.all(few.map((verifier) => verifier.ask('memory')));
  await Promise.all(few.map((verifier) => verifier.end()));
  await revokeMany(world, live);
  const many = await start();
  const [after] = await Promise.all(many.map((verifier) => verifier.ask('memory')));
  const lagOfMany = await measureLag(world, many, lags);
  await Promise.all(many.map((verifier) => verifier.end()));
  const common = { group: 'checks', better: 'lower', beside: [] };
  const lag = (name, taken) => ({ ...common, name, unit: 'ms', ...taken });
  const bytes = after.heap - before.heap;
  return [
    lag('revocation-lag-p99', lagOfFew),
    lag(`revocation-lag-p99/${live}-live`, lagOfMany),
    { ...common, name: `revocation-memory/${live}-live`, unit: 'MiB', value: bytes / MEBIBYTE },
  ];
}

function startVerifiers(world, count, signal) {
  const options = {
    ...{ issuer: 'https://platform.example.com', audience: 'gatehouse', namespace: world.namespace },
    jwksUrl: `${world.url}/.well-known/jwks.json`,
    redisUrl: world.redisServer.url,
  };
  const one = () => MeasuredProcess.start(VERIFIER, options, { signal });
  return Promise.all(Array.from({ length: count }, one));
}

/** From the answer to who revokes until the last of the processes refuses; milliseconds. */
async function measureLag(world, verifiers, times) {
  const taken = [];
  for (let n = 0; n < times; n++) {
    const [{ accessToken: token }] = await world.signIn([world.accounts[n % world.accounts.length]]);
    const refusals = verifiers.map((verifier) => verifier.ask('refusedAt', { token }));
    const answer = await fetch(`${world.url}/v1/auth/logout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    });
    const revokedAt = process.hrtime.bigint();
    if (answer.status !== 204) throw new Error(`The session was not ended: ${answer.status}`);
    const last = (await Promise.all(refusals)).map(BigInt).reduce((a, b) => (a > b ? a : b));
    // Some refuse before the answer is there.
    taken.push(Math.max(Number(last - revokedAt) / NS_PER_MS, 0));
  }
  taken.sort((a, b) => a - b);
  const [p50, p99] = [percentile(taken, 0.5), percentile(taken, 0.99)];
  return { value: p99, p50, p99 };
}

/** Sessions that have ended, whose tokens live. */
async function revokeMany(world, count) {
  await world.query(
    `INSERT INTO revocation (id, kind, subject, account_id, created_at, expires_at, settled_at)
     SELECT gen_random_uuid(), 'session', gen_random_uuid()::text, (SELECT id FROM account LIMIT 1),
            now(), now() + interval '1 hour', now()
       FROM generate_series(1, $1)`,
    [count],
  );
}
