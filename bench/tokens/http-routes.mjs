import { PASSWORD } from '../auth/auth-world.mjs';
import { figureOf, withCpu } from './figures.mjs';

/** What clients ask of a session over HTTP, beside the nearest that better-auth has. */
export async function compareRoutes(world, sizes) {
  const own = await gatehouseSide(world, sizes);
  const peers = await betterAuthSides(world, sizes);
  const compared = Object.keys(own.routes).map((name) => {
    const sides = [own, ...peers].filter(({ routes }) => routes[name] !== undefined);
    return { name, sides: sides.map((side) => ({ name: side.name, ...side.routes[name], taken: [] })) };
  });
  for (const { sides } of compared) for (const side of sides) await side.callFor(sizes.warmUpMs);
  for (let round = 0; round < sizes.rounds; round++) {
    for (const { sides } of compared) {
      for (const side of sides) {
        side.taken.push(await withCpu(side.service, () => side.callFor(sizes.roundMs)));
      }
    }
  }
  await Promise.all(peers.map((peer) => peer.end()));
  return compared.map(({ name, sides }) => {
    const [figure, ...beside] = sides.map((side) => ({ name: side.name, ...figureOf(side.taken) }));
    return { group: 'tokens', unit: 'calls/s', better: 'higher', ...figure, name, beside };
  });
}

async function gatehouseSide(world, { clients, sessionsOfUser }) {
  const { service } = world;
  const emails = world.accounts;
  let first;
  for (let n = 0; n < sessionsOfUser; n++) first = await world.signIn(emails);
  let refreshTokens = first.map(({ refreshToken }) => refreshToken);
  const accessTokens = (await world.signIn(emails)).map(({ accessToken }) => accessToken);
  const callFor = (path) => (ms) => {
    const calls = accessTokens.map((token) => ({ path, headers: { authorization: `Bearer ${token}` } }));
    return world.load.ask('callFor', { calls, status: 200, inFlight: clients, ms });
  };
  const refreshFor = async (ms) => {
    const taken = await world.load.ask('refreshFor', { refreshTokens, ms });
    ({ refreshTokens } = taken);
    return taken;
  };
  return {
    name: 'gatehouse',
    routes: {
      'refresh-per-second': { service, callFor: refreshFor },
      'session-list': { service, callFor: callFor('/v1/auth/sessions') },
      'session-check': { service, callFor: callFor('/v1/auth/me') },
    },
  };
}

/** As it comes; and as it renews sessions, with an access token for each renewal and without. */
async function betterAuthSides(world, { clients, sessionsOfUser }) {
  const renewal = { updateAge: 0 };
  const [reading, renewing, issuing] = [
    await world.startBetterAuth({}),
    await world.startBetterAuth(renewal),
    await world.startBetterAuth({ ...renewal, accessTokens: true }),
  ];
  const calls = async (side, sessions) => {
    const cookies = await signInTo(side, world.accounts, sessions);
    return (path) => ({
      service: side.service,
      callFor: (ms) => {
        const each = cookies.map((cookie) => ({ path, headers: { cookie } }));
        return side.load.ask('callFor', { calls: each, status: 200, inFlight: clients, ms });
      },
    });
  };
  const [toRead, toRenew, toIssue] = [
    await calls(reading, sessionsOfUser + 1),
    await calls(renewing, 1),
    await calls(issuing, 1),
  ];
  const end = ({ service, load }) => Promise.all([service.end(), load.end()]);
  return [
    {
      name: 'better-auth',
      routes: {
        'refresh-per-second': toRenew('/api/auth/get-session'),
        'session-list': toRead('/api/auth/list-sessions'),
        'session-check': toRead('/api/auth/get-session'),
      },
      end: () => Promise.all([end(reading), end(renewing)]),
    },
    {
      name: 'better-auth-jwt',
      routes: { 'refresh-per-second': toIssue('/api/auth/get-session') },
      end: () => end(issuing),
    },
  ];
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
