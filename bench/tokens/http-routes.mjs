import { PASSWORD } from '../auth/auth-world.mjs';
import { median } from '../statistics.mjs';

/** What clients ask of a session over HTTP, beside the nearest that better-auth has. */
export async function compareRoutes(world, sizes) {
  const own = await gatehouseSide(world, sizes);
  const peer = await betterAuthSide(world, sizes);
  const measurements = Object.keys(own.routes);
  const sides = [own, peer];
  const taken = measurements.map(() => sides.map(() => []));
  for (const name of measurements) for (const side of sides) await side.routes[name](sizes.warmUpMs);
  for (let round = 0; round < sizes.rounds; round++) {
    for (const [at, name] of measurements.entries()) {
      for (const [which, side] of sides.entries()) {
        taken[at][which].push(await withCpu(side, () => side.routes[name](sizes.roundMs)));
      }
    }
  }
  await peer.end();
  return measurements.map((name, at) => ({
    ...{ group: 'tokens', name, unit: 'calls/s', better: 'higher' },
    ...figureOf(taken[at][0]),
    beside: [{ name: peer.name, ...figureOf(taken[at][1]) }],
  }));
}

async function gatehouseSide(world, { clients, sessionsOfUser }) {
  const emails = world.accounts;
  let first;
  for (let n = 0; n < sessionsOfUser; n++) first = await world.signIn(emails);
  let refreshTokens = first.map(({ refreshToken }) => refreshToken);
  const accessTokens = (await world.signIn(emails)).map(({ accessToken }) => accessToken);
  const callFor = (path) => (ms) => {
    const calls = accessTokens.map((token) => ({ path, headers: { authorization: `Bearer ${token}` } }));
    return world.load.ask('callFor', { calls, status: 200, inFlight: clients, ms });
  };
  return {
    name: 'gatehouse',
    service: world.service,
    routes: {
      'refresh-per-second': async (ms) => {
        const taken = await world.load.ask('refreshFor', { refreshTokens, ms });
        ({ refreshTokens } = taken);
        return taken;
      },
      'session-list': callFor('/v1/auth/sessions'),
      'session-check': callFor('/v1/auth/me'),
    },
  };
}

async function betterAuthSide(world, { clients, sessionsOfUser }) {
  const renewing = await world.startBetterAuth({ updateAge: 0 });
  const reading = await world.startBetterAuth({});
  const cookies = await signInTo(renewing, world.accounts, 1);
  const others = await signInTo(reading, world.accounts, sessionsOfUser + 1);
  const callFor = (side, path, each) => (ms) => {
    const calls = each.map((cookie) => ({ path, headers: { cookie } }));
    return side.load.ask('callFor', { calls, status: 200, inFlight: clients, ms });
  };
  return {
    name: 'better-auth',
    service: {
      cpuSeconds: async () => (await renewing.service.cpuSeconds()) + (await reading.service.cpuSeconds()),
    },
    routes: {
      'refresh-per-second': callFor(renewing, '/api/auth/get-session', cookies),
      'session-list': callFor(reading, '/api/auth/list-sessions', others),
      'session-check': callFor(reading, '/api/auth/get-session', others),
    },
    end: () => Promise.all([renewing, reading].flatMap(({ service, load }) => [service.end(), load.end()])),
  };
}

/** So many sessions for each account; resolves to the cookies of each one's last. */
async function signInTo({ load, origin }, emails, times) {
  const headers = { origin };
  const ask = (path, body) =>
    load.ask('callEach', {
      calls: emails.map((email) => ({ method: 'POST', path, headers, body: { email, ...body } })),
      ...{ status: 200, inFlight: 2 },
    });
  let answers = await ask('/api/auth/sign-up/email', { password: PASSWORD, name: 'Somebody' });
  for (let n = 1; n < times; n++) answers = await ask('/api/auth/sign-in/email', { password: PASSWORD });
  return answers.map(({ headers: { 'set-cookie': set } }) =>
    set.map((each) => each.split(';')[0]).join('; '),
  );
}

async function withCpu({ service }, take) {
  const before = await service.cpuSeconds();
  const taken = await take();
  return { ...taken, cpuSeconds: (await service.cpuSeconds()) - before };
}

function figureOf(rounds) {
  const middle = (field) => median(rounds.map((round) => round[field]));
  const [value, p50, p99] = ['perSecond', 'p50', 'p99'].map(middle);
  return { value, p50, p99, cpuSeconds: middle('cpuSeconds'), messages: middle('messages') };
}
