/** How much is measured. Sides take turns, round by round, so that what else the machine does hits all alike. */
export const FULL = {
  rounds: 5,
  warmUpMs: 500,
  roundMs: 1_000,
};

/** Enough to see that it runs. */
export const QUICK = {
  rounds: 1,
  warmUpMs: 100,
  roundMs: 200,
};
