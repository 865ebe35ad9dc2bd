/** A run ends after so many, and goes on the next time. */
const MOST_BATCHES = 100;

/**
 * Removes rows in batches, so that no statement holds many of them at once, until a batch is not full.
 *
 * @param remove removes so many at most and says how many there were
 */
export async function inBatches(most: number, remove: (most: number) => Promise<number>): Promise<void> {
  for (let batch = 0; batch < MOST_BATCHES; batch++) if ((await remove(most)) < most) return;
}
