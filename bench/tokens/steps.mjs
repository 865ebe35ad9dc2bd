/** What a step cannot be faster than: a row committed on the same PostgreSQL, or an answer of the same Redis. */
const FLOORS = {
  'session-invalidate': 'bare-commit',
  'session-look-up': 'bare-ping',
};

/** The steps of tokens and sessions inside auth-service, one after the other while nothing else is asked of it. */
export async function takeSteps(world, { steps: times }) {
  const [{ user: userId }] = await world.query('SELECT id AS user FROM account LIMIT 1');
  await world.service.ask('takeSteps', { userId, times: Math.ceil(times / 10) });
  const taken = await world.service.ask('takeSteps', { userId, times });
  const floors = new Set(Object.values(FLOORS));
  return Object.entries(taken)
    .filter(([name]) => !floors.has(name))
    .map(([name, { p50, p99, messages }]) => ({
      ...{ group: 'tokens', name, unit: 'ms', better: 'lower', value: p50, p50, p99, messages },
      beside:
        name in FLOORS
          ? [{ name: FLOORS[name], value: taken[FLOORS[name]].p50, ...taken[FLOORS[name]] }]
          : [],
    }));
}
