import { fileURLToPath } from 'node:url';
import { MeasuredProcess } from '../measured-process.mjs';
import { median } from '../statistics.mjs';

const VERIFY = fileURLToPath(new URL('verify.process.mjs', import.meta.url));
const SIDES = ['gatehouse', 'jose', 'fast-jwt', 'fast-jwt-cached'];

/** A service's own verification of tokens that auth-service has issued, beside libraries that do nothing else. */
export async function compareVerification(world, { tokens: count, warmCalls, rounds, signal }) {
  const [{ user }] = await world.query('SELECT id AS user FROM account LIMIT 1');
  const tokens = await world.service.ask('issueTokens', { userId: user, count });
  const [{ text }] = await world.load.ask('callEach', {
    calls: [{ path: '/.well-known/jwks.json' }],
    status: 200,
  });
  const { iss: issuer, aud: audience } = claimsOf(tokens[0]);
  const options = { jwks: JSON.parse(text), issuer, audience };
  const verifying = await MeasuredProcess.start(VERIFY, options, { signal });
  // They are more than a command line holds.
  await verifying.ask('take', { tokens });
  const taken = { cold: SIDES.map(() => []), warm: SIDES.map(() => []) };
  // The first round warms up.
  for (let round = 0; round <= rounds; round++) {
    for (const [at, side] of SIDES.entries()) {
      const cold = await verifying.ask('cold', { side });
      // Without a cache it costs as much as the first time: fewer will do.
      const calls = side === 'jose' || side === 'fast-jwt' ? count : warmCalls;
      const warm = await verifying.ask('warm', { side, calls });
      if (round === 0) continue;
      taken.cold[at].push(cold);
      taken.warm[at].push(warm);
    }
  }
  await verifying.end();
  return Object.entries(taken).map(([state, sides]) => {
    const [own, ...peers] = sides.map((values, at) => ({ name: SIDES[at], value: median(values) }));
    const common = { group: 'tokens', name: `local-verify-${state}`, unit: 'µs', better: 'lower' };
    return { ...common, value: own.value, beside: peers };
  });
}

function claimsOf(token) {
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
}
