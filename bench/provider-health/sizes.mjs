/** How much is measured. Sides take turns, round by round, so that what else the machine does hits all alike. */
export const FULL = {
  rounds: 5,
  warmUpMs: 500,
  roundMs: 1_000,
  readings: 200_000,
  windows: [10, 1_000, 100_000],
  recordRounds: 3,
  outcomes: 10_000,
  executions: 5_000,
  fetches: 500,
  clients: 4,
  lags: 100,
};

/** Enough to see that it runs. */
export const QUICK = {
  rounds: 1,
  warmUpMs: 100,
  roundMs: 200,
  readings: 1_000,
  windows: [10, 1_000],
  recordRounds: 1,
  outcomes: 20,
  executions: 100,
  fetches: 20,
  clients: 2,
  lags: 3,
};
