/** The steps of tokens and sessions inside auth-service, one after the other while nothing else is asked of it. */
export async function takeSteps(world, { steps: times }) {
  const [{ user: userId }] = await world.query('SELECT id AS user FROM account LIMIT 1');
  await world.service.ask('takeSteps', { userId, times: Math.ceil(times / 10) });
  const taken = await world.service.ask('takeSteps', { userId, times });
  return Object.entries(taken).map(([name, { p50, p99, messages }]) => ({
    ...{ group: 'tokens', name, unit: 'ms', better: 'lower', value: p50, p50, p99, messages, beside: [] },
  }));
}
