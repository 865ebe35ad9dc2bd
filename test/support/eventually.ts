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

/** Tries again until `check`, a few expectations, no longer throws; then fails with what it threw last. */
export async function eventuallyHolds(check: () => unknown): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return void (await check());
    } catch (error) {
      if (attempt >= 150) throw error;
      await sleep(100);
    }
  }
}
