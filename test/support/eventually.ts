import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Tries again until `attempt` answers something other than `undefined` or `false`, and answers that.
 * After `withinMs` it fails by `what`, with the last error as the cause.
 */
export async function eventually<T>(
  what: string,
  attempt: () => T | Promise<T>,
  { withinMs = 30_000, everyMs = 50 } = {},
): Promise<Exclude<T, undefined | false>> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    let failure: unknown;
    try {
      const answer = await attempt();
      if (answer !== undefined && answer !== false) return answer as Exclude<T, undefined | false>;
    } catch (error) {
      failure = error;
    }
    if (Date.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`, { cause: failure });
    await sleep(everyMs);
  }
}
