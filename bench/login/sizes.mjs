/** How much is measured. Sides take turns, round by round, so that what else the machine does hits all alike. */
export const FULL = {
  accounts: 48,
  rounds: 9,
  warmUpMs: 12_000,
  roundMs: 2_000,
  comparisons: 400,
  quietMs: 10_000,
  floodMs: 30_000,
};

/** Enough to see that it runs. */
export const QUICK = {
  accounts: 6,
  rounds: 1,
  warmUpMs: 100,
  roundMs: 300,
  comparisons: 10,
  quietMs: 500,
  floodMs: 1_500,
};
