import { isRedisUnavailable, redisErrorCode } from './redis-failures.js';

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
    named('ReplyError', 'MOVED 1463 127.0.0.1:7001'),
    named(
      'ReplyError',
      'ERR Error running script (call to f_5a): @user_script:1: @user_script: 1: -READONLY You',
    ),
    new Error("Cluster isn't ready and enableOfflineQueue options is false"),
    new Error('None of startup nodes is available'),
    new Error('Too many Cluster redirections. Last error: ReplyError: TRYAGAIN Multiple keys request'),
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

describe('redisErrorCode', () => {
  it.each([
    ['NOGROUP No such consumer group', 'NOGROUP'],
    ['ERR Error running script (call to f_5a): @user_script:9: NOGROUP No such key', 'NOGROUP'],
    ['ERR Error running script (call to f_5a): @user_script:1: @user_script: 1: -READONLY You', 'READONLY'],
    [
      'ERR Error running script (call to f_5a): @user_script:1: user_script:1: attempt to call nil',
      undefined,
    ],
    ['Connection is closed.', undefined],
  ])('of "%s" is %s', (message, code) => {
    expect(redisErrorCode(named('ReplyError', message))).toBe(code);
  });
});
