import { availableParallelism } from 'node:os';
import { loginCall, PASSWORD } from '../auth/auth-world.mjs';
import { median } from '../statistics.mjs';

const BINDINGS = ['@node-rs/argon2', 'argon2'];

/**
 * Logins through HTTP for each second of CPU, beside the hashing alone and beside better-auth. As many are under way at a
 * time as there are cores, so that hashing is busy and nothing waits.
 */
export async function compareLogins(world, sizes) {
  const phc = await world.passwordHash(world.accounts[0]);
  const bare = await Promise.all(BINDINGS.map((binding) => bareHashing(world, binding, phc)));
  const sides = [
    gatehouse(world),
    ...bare.filter((side) => side !== undefined),
    await betterAuth(world, 'better-auth-argon2id', parametersOf(phc)),
    await betterAuth(world, 'better-auth'),
  ];
  for (const side of sides) await side.take(sizes.warmUpMs);
  const taken = sides.map(() => []);
  for (let round = 0; round < sizes.rounds; round++) {
    for (const [at, side] of sides.entries()) taken[at].push(await side.take(sizes.roundMs));
  }
  await Promise.all(sides.map((side) => side.end?.()));
  return resultsOf(sides.map(({ name }, at) => ({ name, rounds: taken[at] })));
}

function gatehouse(world) {
  const calls = world.accounts.map((email) => loginCall(email));
  return { name: 'gatehouse', take: (ms) => takeLogins(world, { ...world, calls, ms }) };
}

async function betterAuth(world, name, argon2) {
  const { service, load, origin } = await world.startBetterAuth({ argon2 });
  const headers = { origin };
  const accounts = world.accounts.map((email) => ({ email, password: PASSWORD }));
  const register = accounts.map((account) => ({
    ...{ method: 'POST', path: '/api/auth/sign-up/email', headers },
    body: { ...account, name: 'Somebody' },
  }));
  await load.ask('callEach', { calls: register, status: 200, inFlight: 2 });
  const calls = accounts.map((body) => ({ method: 'POST', path: '/api/auth/sign-in/email', headers, body }));
  return {
    name,
    take: (ms) => takeLogins(world, { service, load, calls, ms }),
    end: () => Promise.all([service.end(), load.end()]),
  };
}

async function bareHashing(world, binding, phc) {
  try {
    const hashing = await world.start('bare-argon2', { binding });
    return {
      name: `bare-${binding}`,
      take: (ms) => hashing.ask('verifyFor', { phc, password: PASSWORD, ms }),
      end: () => hashing.end(),
    };
  } catch {
    return undefined; // its binary does not run on this machine
  }
}

/** CPU of the service, and that of the engines beside it. */
async function takeLogins(world, { service, load, calls, ms }) {
  const [before, enginesBefore] = [await service.cpuSeconds(), world.engineCpuSeconds()];
  const inFlight = availableParallelism();
  const taken = await load.ask('callFor', { calls, status: 200, inFlight, ms });
  const [after, enginesAfter] = [await service.cpuSeconds(), world.engineCpuSeconds()];
  const engines = enginesBefore === undefined ? undefined : enginesAfter - enginesBefore;
  return { ...taken, cpuSeconds: after - before, engines };
}

function resultsOf(figures) {
  const result = (name, value, of = figures) => {
    const [own, ...peers] = of;
    const beside = peers.map((peer) => ({ name: peer.name, ...figureOf(peer.rounds, value) }));
    return {
      group: 'login',
      name,
      unit: 'logins/s',
      better: 'higher',
      ...figureOf(own.rounds, value),
      beside,
    };
  };
  const alone = ({ messages, cpuSeconds }) => messages / cpuSeconds;
  const together = ({ messages, cpuSeconds, engines }) => messages / (cpuSeconds + engines);
  const overHttp = figures.filter(({ rounds }) => rounds[0].perSecond !== undefined);
  const known = overHttp.every(({ rounds }) => rounds.every(({ engines }) => engines !== undefined));
  return [
    result('logins-per-cpu-second', alone),
    ...(known ? [result('logins-per-cpu-second/with-engines', together, overHttp)] : []),
    result('logins-per-second', ({ perSecond }) => perSecond, overHttp),
  ];
}

function figureOf(rounds, of) {
  const middle = (field) => median(rounds.map((round) => round[field]));
  return {
    value: median(rounds.map(of)),
    ...(rounds[0].p50 === undefined ? {} : { p50: middle('p50'), p99: middle('p99') }),
    cpuSeconds: middle('cpuSeconds'),
    messages: middle('messages'),
  };
}

/** `m`, `t` and `p` of a PHC string. */
function parametersOf(phc) {
  const [memoryCost, timeCost, parallelism] = ['m', 't', 'p'].map((name) =>
    Number(new RegExp(`[$,]${name}=(\\d+)`).exec(phc)[1]),
  );
  return { memoryCost, timeCost, parallelism };
}
