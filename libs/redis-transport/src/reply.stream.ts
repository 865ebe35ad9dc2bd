import type { Observable } from 'rxjs';

/**
 * Follows an answer to its end. The last value is kept back, to travel with the end and with the acknowledgement; a
 * value that is still the last one a turn of the event loop later is sent ahead.
 *
 * @param more is told of every value but the last
 * @returns the last value as `v`, or nothing when all were told already
 * @throws what the observable ends in
 */
export function answerOf(
  answer: Observable<unknown>,
  more: (value: { v: unknown }) => void,
): Promise<{ v?: unknown }> {
  return new Promise((resolve, reject) => {
    let held: { v: unknown } | undefined;
    const release = () => {
      const value = held;
      held = undefined;
      if (value !== undefined) more(value);
    };
    const subscription = answer.subscribe({
      next: (value) => {
        try {
          release();
          const holding = { v: value ?? null };
          held = holding;
          setImmediate(() => {
            if (held === holding) attempt(release);
          });
        } catch (error) {
          fail(error);
        }
      },
      error: reject,
      complete: () => {
        const last = held ?? {};
        held = undefined;
        resolve(last);
      },
    });
    const fail = (error: unknown) => {
      reject(error instanceof Error ? error : new Error('The answer could not be sent', { cause: error }));
      held = undefined;
      queueMicrotask(() => subscription.unsubscribe());
    };
    const attempt = (work: () => void) => {
      try {
        work();
      } catch (error) {
        fail(error);
      }
    };
  });
}
