import { type LimitState, rateLimit, rateLimitHeaders, tightest } from './rate-limit.js';

const state = (name: string, remaining: number): LimitState => ({
  ...{ name, remaining },
  limit: { count: 10, seconds: 900 },
  resetSeconds: 42,
});

describe('rateLimit', () => {
  it('reads count/seconds', () => {
    expect(rateLimit().parse('300/60')).toEqual({ count: 300, seconds: 60 });
  });

  it.each(['', '300', '300/0', '0/60', '-1/60', '1.5/60', '300/60/1', ' 300/60', '300/1e3'])(
    'refuses %j',
    (text) => {
      expect(rateLimit().safeParse(text).success).toBe(false);
    },
  );
});

describe('rateLimitHeaders', () => {
  it('names every limit, and the one that refuses first once more for those that read but one', () => {
    expect(rateLimitHeaders([state('a', 7), state('b', 2)])).toEqual({
      'ratelimit-policy': '"a";q=10;w=900, "b";q=10;w=900',
      ratelimit: '"a";r=7;t=42, "b";r=2;t=42',
      'ratelimit-limit': '10',
      'ratelimit-remaining': '2',
      'ratelimit-reset': '42',
    });
  });

  it('says nothing where nothing is limited', () => {
    expect(rateLimitHeaders([])).toEqual({});
    expect(tightest([])).toBeUndefined();
  });
});
