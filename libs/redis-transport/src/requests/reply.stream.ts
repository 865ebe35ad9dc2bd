import { type Observable, Subscription } from 'rxjs';

/**
 * Follows an answer to its end. The last value is kept back, to travel with the end and with the acknowledgement; a
 * value that is still the last one a turn of the event loop later is sent ahead.
 *
 * @param more is told of every value but the last
 * @returns the last value as `v`, or nothing when all were told already
 * @throws what the observable ends in, or what `more` throws
 */
export function answerOf(
  answer: Observable<unknown>,
  more: (value: { v: unknown }) => void,
): Promise<{ v?: unknown }> {
  const following = new Subscription();
  return new Promise((resolve, reject) => {
    let held: { v: unknown } | undefined;
    let releasing: NodeJS.Immediate | undefined;

    function release(): void {
      clearImmediate(releasing);
      const value = held;
      held = undefined;
      try {
        if (value !== undefined && !following.closed) more(value);
      } catch (error) {
        reject(error instanceof Error ? error : new Error('The answer could not be sent', { cause: error }));
        following.unsubscribe();
      }
    }

    function hold(value: unknown): void {
      release();
      held = { v: value ?? null };
      releasing = setImmediate(release);
    }

    function complete(): void {
      clearImmediate(releasing);
      const last = held ?? {};
      held = undefined;
      resolve(last);
    }

    following.add(answer.subscribe({ next: hold, error: reject, complete }));
  });
}
