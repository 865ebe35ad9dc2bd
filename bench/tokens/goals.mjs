const of = (result, name) => result.beside.find((peer) => peer.name === name)?.value;
const within =
  (most, unit) =>
  ({ value }) => ({ text: `at most ${most} ${unit}`, met: value <= most });
const ofJose = (most) => (result) => ({
  text: `at most ${most} × jose`,
  met: result.value <= most * of(result, 'jose'),
});

/** By the first part of the name of a result: its goal, `{ text, met }`. */
const GOALS = {
  'refresh-per-second': (result) => ({
    text: 'at least 2 × better-auth',
    met: result.value >= 2 * of(result, 'better-auth'),
  }),
  'local-verify-cold': ofJose(1.3),
  'local-verify-warm': ofJose(0.15),
  'token-create': within(1, 'ms'),
  'token-verify': within(1, 'ms'),
  'session-create': within(5, 'ms'),
  'session-look-up': within(1, 'ms'),
  'session-invalidate': within(1, 'ms'),
  'session-bytes': within(650, 'bytes'),
};

/** The goal of a result, or undefined when it has none. */
export function goalOf(result) {
  return GOALS[result.name.split('/')[0]]?.(result);
}
