import { DatabaseNotReadyError } from './database.errors.js';
import { isDatabaseUnavailable } from './database-failures.js';
import { retryDelayMs } from './database-settings.js';

const withCode = (code: string, message = 'x') => Object.assign(new Error(message), { code });

describe('isDatabaseUnavailable', () => {
  it.each([
    withCode('ECONNREFUSED'),
    Object.assign(new AggregateError([withCode('ECONNREFUSED')]), { code: 'ECONNREFUSED' }),
    withCode('57P01', 'terminating connection due to administrator command'),
    withCode('57P03', 'the database system is starting up'),
    withCode('08006'),
    withCode('53300'),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
    new Error('Query read timeout'),
    new DatabaseNotReadyError(),
    Object.assign(new Error('already released'), { name: 'QueryRunnerProviderAlreadyReleasedError' }),
    Object.assign(new Error('failed'), { driverError: withCode('57P02') }),
    new Error('wrapped', { cause: withCode('ECONNRESET') }),
  ])('knows that the database is away: %s', (error) => {
    expect(isDatabaseUnavailable(error)).toBe(true);
  });

  it.each([
    withCode('23505', 'duplicate key'),
    withCode('42601', 'syntax error'),
    withCode('22P02'),
    new Error('boom'),
    'ECONNREFUSED',
    undefined,
  ])('does not excuse a statement that is wrong: %s', (error) => {
    expect(isDatabaseUnavailable(error)).toBe(false);
  });
});

describe('retryDelayMs', () => {
  it('doubles up to five seconds and is spread by chance', () => {
    expect([0, 1, 2, 10, 1_000].map((attempt) => retryDelayMs(attempt, 0))).toEqual([
      200, 400, 800, 5_000, 5_000,
    ]);
    expect(retryDelayMs(0, 1)).toBe(150);
  });
});
