const of = (result, name) => result.beside.find((peer) => peer.name === name)?.value;

/** By the first part of the name of a result: its goal, `{ text, met }`. */
const GOALS = {
  'guard-role-permission': (result) =>
    of(result, 'casbin') === undefined
      ? undefined
      : { text: 'at most 1 × casbin', met: result.value <= of(result, 'casbin') },
  'revocation-lag-p99': ({ value }) => ({ text: 'less than 1000 ms', met: value < 1_000 }),
};

/** The goal of a result, or undefined when it has none. */
export function goalOf(result) {
  return GOALS[result.name.split('/')[0]]?.(result);
}
