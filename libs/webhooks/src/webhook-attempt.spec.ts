import { readAnswer } from './webhook-attempt.js';

const NOW = Date.parse('2026-11-25T12:00:00Z');
const answer = (status: number, retryAfter?: string) =>
  readAnswer({ status, headers: { 'retry-after': retryAfter } }, NOW);

describe('readAnswer', () => {
  it.each([200, 201, 202, 204, 299])('takes %d for delivered', (status) => {
    expect(answer(status)).toEqual({ outcome: 'delivered', status });
  });

  it('takes 410 for the end', () => {
    expect(answer(410)).toEqual({ outcome: 'gone', status: 410, reason: 'answered 410' });
  });

  it.each([301, 302, 307, 400, 401, 404, 409, 429, 500, 503])('has %d tried again', (status) => {
    expect(answer(status)).toEqual({ outcome: 'failed', status, reason: `answered ${status}` });
  });

  it.each([
    ['120', 120_000],
    ['Wed, 25 Nov 2026 12:01:00 GMT', 60_000],
    ['Wed, 25 Nov 2026 11:00:00 GMT', undefined],
    ['0', undefined],
    ['-5', undefined],
    ['soon', undefined],
    ['99999999999999', undefined],
  ])('reads a Retry-After of %s', (retryAfter, expected) => {
    expect(answer(503, retryAfter)).toMatchObject({ outcome: 'failed', status: 503 });
    expect((answer(429, retryAfter) as { retryAfterMs?: number }).retryAfterMs).toBe(expected);
  });
});
