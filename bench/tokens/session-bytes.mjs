/** What a session takes in Redis: the growth of its memory by so many sessions, each of a user of its own. */
export async function measureSessions(world, { sessions: sizes }) {
  const results = [];
  const before = await usedMemory(world.redis);
  let there = 0;
  for (const count of sizes) {
    await world.service.ask('createSessions', { count: count - there });
    there = count;
    results.push({
      ...{
        group: 'tokens',
        name: `session-bytes/${count.toLocaleString('en')}`,
        unit: 'bytes',
        better: 'lower',
      },
      ...{ value: ((await usedMemory(world.redis)) - before) / count, messages: count, beside: [] },
    });
  }
  return results;
}

async function usedMemory(redis) {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))[1]);
}
