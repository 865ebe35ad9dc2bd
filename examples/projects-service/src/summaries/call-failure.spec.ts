import { failureOfAnswer, failureOfError } from './call-failure.js';

describe('a failed call', () => {
  it.each([
    [500, 'server'],
    [503, 'server'],
    [401, 'auth'],
    [403, 'auth'],
    [400, 'client'],
  ])('that was answered %s is the class %s', (status, name) => {
    expect(failureOfAnswer(status, null)).toEqual({
      class: name,
      message: `the provider answered ${status}`,
    });
  });

  it('that was one too many says for how long to wait', () => {
    expect(failureOfAnswer(429, '7')).toMatchObject({ class: 'rate-limited', retryAfter: '7' });
    expect(failureOfAnswer(429, null)).not.toHaveProperty('retryAfter');
  });

  it('that was not answered tells a timeout from a network that fails', () => {
    expect(failureOfError(new DOMException('too slow', 'TimeoutError')).class).toBe('timeout');
    expect(failureOfError(new TypeError('fetch failed')).class).toBe('network');
    expect(failureOfError('odd')).toEqual({ class: 'network', message: 'odd' });
  });
});
