/** How much is measured. Sides take turns, round by round, so that what else the machine does hits all alike. */
export const FULL = {
  rounds: 9,
  warmUpMs: 2_000,
  roundMs: 1_000,
  clients: 16,
  sessionsOfUser: 5,
  tokens: 2_000,
  warmCalls: 100_000,
  steps: 300,
  sessions: [100_000, 1_000_000],
};

/** Enough to see that it runs. */
export const QUICK = {
  rounds: 1,
  warmUpMs: 100,
  roundMs: 200,
  clients: 4,
  sessionsOfUser: 2,
  tokens: 50,
  warmCalls: 500,
  steps: 10,
  sessions: [2_000],
};
