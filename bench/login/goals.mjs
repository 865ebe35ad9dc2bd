const of = (result, name) => result.beside.find((peer) => peer.name === name)?.value;

/** By the name of a result: its goal, `{ text, met }`. */
const GOALS = {
  'logins-per-cpu-second': (result) => {
    const bare = result.beside.filter(({ name }) => name.startsWith('bare-')).map(({ value }) => value);
    return { text: 'at least 0.8 × the fastest bare hashing', met: result.value >= 0.8 * Math.max(...bare) };
  },
  'flood-other-route-p99': (result) => ({
    text: 'at most 2 × quiet',
    met: result.value <= 2 * of(result, 'quiet'),
  }),
  'flood-memory': (result) => ({
    text: 'at most 1.25 × at capacity',
    met: result.value <= 1.25 * of(result, 'at-capacity'),
  }),
  // The queue gives up after two seconds what has had no turn.
  'flood-refusal-p99': ({ value }) => ({ text: 'at most 2,500 ms', met: value <= 2_500 }),
};

/** The goal of a result, or undefined when it has none. */
export function goalOf(result) {
  return GOALS[result.name]?.(result);
}
