import { isRedisUnavailable } from './redis-failures.js';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

describe('isRedisUnavailable', () => {
  it.each([
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
    new Error('Connection is closed.'),
    new Error("Stream isn't writeable and enableOfflineQueue options is false"),
    new Error('Command timed out'),
    named('MaxRetriesPerRequestError', 'Reached the max retries per request limit (which is 0).'),
    named('AbortError', 'Command aborted due to connection close'),
    named('ReplyError', 'LOADING Redis is loading the dataset in memory'),
    named('ReplyError', "OOM command not allowed when used memory > 'maxmemory'."),
  ])('is true for %s', (error) => {
    expect(isRedisUnavailable(error)).toBe(true);
  });

  it.each([
    named('ReplyError', 'WRONGTYPE Operation against a key holding the wrong kind of value'),
    new TypeError('x is not a function'),
    'ECONNREFUSED',
    undefined,
  ])('is false for %s', (error) => {
    expect(isRedisUnavailable(error)).toBe(false);
  });
});
