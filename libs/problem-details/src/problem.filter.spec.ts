import { type ArgumentsHost, Logger } from '@nestjs/common';
import { jest } from '@jest/globals';
import { DomainError } from './domain.error.js';
import { ProblemFilter } from './problem.filter.js';

describe('ProblemFilter', () => {
  const logged = jest.spyOn(Logger.prototype, 'error').mockImplementation(() => {});
  const host = { getType: () => 'rpc' } as ArgumentsHost;

  beforeEach(() => logged.mockClear());
  afterAll(() => logged.mockRestore());

  it.each([
    ['an unknown error', new Error('a secret'), 1],
    ['a 5xx', new DomainError({ type: 'overloaded', status: 503, title: 'Too much' }), 1],
    [
      'a 5xx that was expected',
      new DomainError({ type: 'overloaded', status: 503, title: 'Too much', isExpected: true }),
      0,
    ],
    ['a 4xx', new DomainError({ type: 'not-found', status: 404, title: 'Not found' }), 0],
  ])('logs %s as an error: %#', (_case, error, times) => {
    new ProblemFilter().catch(error, host);
    expect(logged).toHaveBeenCalledTimes(times);
  });
});
