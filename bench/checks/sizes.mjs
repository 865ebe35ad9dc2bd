/** How much is measured. Sides take turns, round by round, so that what else the machine does hits all alike. */
export const FULL = {
  rounds: 9,
  calls: 100_000,
  verifiers: 4,
  lags: 100,
  live: 100_000,
  clients: 16,
  warmUpMs: 1_000,
  roundMs: 1_000,
};

/** Enough to see that it runs. */
export const QUICK = {
  rounds: 1,
  calls: 500,
  verifiers: 2,
  lags: 3,
  live: 2_500,
  clients: 2,
  warmUpMs: 100,
  roundMs: 200,
};
