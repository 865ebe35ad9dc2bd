/** How much is measured. Sides take turns, round by round, so that what else the machine does hits both alike. */
export const FULL = {
  rounds: 13,
  warmUpMs: 1_500,
  roundMs: 500,
  events: 10_000,
  burst: 20_000,
  counted: 2_000,
  pauseMs: 1_000,
  /** Nothing was handled for this long: nothing more comes. Longer than another replica waits for a dead one. */
  quietMs: 5_500,
  limits: {},
};

/** Enough to see that it runs. */
export const QUICK = {
  rounds: 1,
  warmUpMs: 50,
  roundMs: 100,
  events: 200,
  burst: 400,
  counted: 100,
  pauseMs: 100,
  quietMs: 2_000,
  limits: { claimIdleMs: 400 },
};
