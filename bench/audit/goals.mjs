const of = (result, name) => result.beside.find((peer) => peer.name === name)?.value;
const atLeast = (share, peer) => (result) => ({
  text: `${share} × ${peer}`,
  met: result.value >= share * of(result, peer),
});

/** By the name of a result: its goals, the first that is not met before the others. */
const GOALS = {
  'sequenced-events-per-second': [atLeast(0.5, 'copy')],
  'acked-events-per-second': [atLeast(0.3, 'copy'), atLeast(20, 'typeorm-save')],
  'ack-p99': [({ value }) => ({ text: 'less than 500 ms at half of the maximum rate', met: value < 500 })],
};

/** The goal of a result, or undefined when it has none. */
export function goalOf(result) {
  const goals = (GOALS[result.name] ?? []).map((goal) => goal(result));
  if (goals.length === 0) return undefined;
  return { text: goals.map(({ text }) => text).join(', '), met: goals.every(({ met }) => met) };
}
