import { DomainError } from '@gatehouse/problem-details';
import { toFailure } from './failure.js';

describe('toFailure', () => {
  it('keeps what was thrown in its own words, which callers are not told', () => {
    const { problem, error } = toFailure(new TypeError('x is not a function'));
    expect(problem).toMatchObject({ type: 'internal-error', status: 500 });
    expect(JSON.stringify(problem)).not.toContain('function');
    expect(error).toBe('TypeError: x is not a function');
  });

  it('finds what a filter turned into a problem', () => {
    const cause = new TypeError('x is not a function');
    const problem = { type: 'internal-error', status: 500, title: 'Odd' };
    expect(toFailure(new DomainError({ ...problem, cause })).error).toBe('TypeError: x is not a function');
    expect(toFailure(new DomainError(problem)).error).toContain('Odd');
  });

  it('keeps no more than 500 characters', () => {
    expect(toFailure(new Error('x'.repeat(9_999))).error).toHaveLength(500);
  });
});
