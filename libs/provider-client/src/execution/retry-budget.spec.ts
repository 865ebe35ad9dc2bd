import { RetryBudget } from './retry-budget.js';

const spend = (budget: RetryBudget, now: number) => {
  let count = 0;
  while (budget.withdraw(now)) count++;
  return count;
};

describe('RetryBudget', () => {
  it('gives a hundred in ten seconds to whoever makes no calls', () => {
    const budget = new RetryBudget();
    expect(spend(budget, 5_000)).toBe(100);
    expect(spend(budget, 14_999)).toBe(0);
    expect(spend(budget, 15_000)).toBe(100);
  });

  it('gives one more for five calls, for ten seconds', () => {
    const budget = new RetryBudget();
    for (let call = 0; call < 50; call++) budget.deposit(1_000);
    expect(spend(budget, 1_000)).toBe(110);
    const other = new RetryBudget();
    for (let call = 0; call < 50; call++) other.deposit(1_000);
    expect(spend(other, 11_000)).toBe(100);
  });
});
