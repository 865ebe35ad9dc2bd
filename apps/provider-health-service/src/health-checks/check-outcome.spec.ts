import { failureOutcome, httpOutcome } from './check-outcome.js';

describe('httpOutcome', () => {
  it.each([
    [200, ['200-299'], undefined],
    [299, ['200-299'], undefined],
    [404, ['200', '404'], undefined],
    [204, ['200'], 'server'],
    [302, ['200-299'], 'server'],
    [400, ['200-299'], 'client'],
    [404, ['200-299'], 'client'],
    [401, ['200-299'], 'auth'],
    [403, ['200-299'], 'auth'],
    [402, ['200-299'], 'quota'],
    [408, ['200-299'], 'timeout'],
    [429, ['200-299'], 'rate-limited'],
    [500, ['200-299'], 'server'],
    [503, ['200-299'], 'overload'],
    [504, ['200-299'], 'timeout'],
    [529, ['200-299'], 'overload'],
  ])('of %s where %p is expected is %s', (status, expected, failureClass) => {
    expect(httpOutcome({ status }, expected)).toMatchObject({
      ok: failureClass === undefined,
      httpStatus: status,
      ...(failureClass !== undefined && { class: failureClass }),
    });
  });

  it('hands on how long a provider wants to be left alone, and only then', () => {
    expect(httpOutcome({ status: 429, retryAfter: '30' }, ['200'])).toMatchObject({ retryAfter: '30' });
    expect(httpOutcome({ status: 500, retryAfter: '30' }, ['200'])).not.toHaveProperty('retryAfter');
  });
});

describe('failureOutcome', () => {
  it.each([
    ['timeout', 'timeout'],
    ['network', 'network'],
    ['tls', 'network'],
    ['protocol', 'server'],
    ['address', 'client'],
    ['url', 'client'],
    ['cancelled', 'cancelled'],
  ] as const)('of %s is %s', (kind, failureClass) => {
    expect(failureOutcome(kind)).toMatchObject({ ok: false, class: failureClass });
  });
});
