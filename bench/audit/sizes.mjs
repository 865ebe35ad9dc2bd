/** How much is measured. Sides take turns, round by round, so that what else the machine does hits all alike. */
export const FULL = {
  rounds: 5,
  roundMs: 2_000,
  batch: 200,
  underWay: 8,
  /** Of `insert-each` and `typeorm-save`, which take a statement for each event. */
  singles: 1_000,
  sequenced: 20_000,
  transactions: 1_000,
  ackMs: 10_000,
};

/** Enough to see that it runs. */
export const QUICK = {
  rounds: 1,
  roundMs: 200,
  batch: 20,
  underWay: 2,
  singles: 20,
  sequenced: 400,
  transactions: 20,
  ackMs: 500,
};
