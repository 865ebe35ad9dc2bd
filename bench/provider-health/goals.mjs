/** By the name of a result: its goal, `{ text, met }`. */
const GOALS = {
  'rest-status': ({ value }) => ({ text: 'less than 1 ms', met: value < 1 }),
  'rest-failure': ({ value }) => ({ text: 'less than 1 ms', met: value < 1 }),
  'rest-fallback-chain': ({ value }) => ({ text: 'less than 5 ms', met: value < 5 }),
};

/** The goal of a result, or undefined when it has none. */
export function goalOf(result) {
  return GOALS[result.name]?.(result);
}
