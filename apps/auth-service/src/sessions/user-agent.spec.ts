import { describeUserAgent, userAgentOf } from './user-agent.js';

const describeText = (text: string) => describeUserAgent(userAgentOf(text));

describe('a user agent', () => {
  it.each([
    [
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
      { browser: 'Chrome 140', os: 'Linux', type: 'desktop' },
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
      { browser: 'Safari 18', os: 'iOS 18.5', type: 'mobile' },
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0',
      { browser: 'Firefox 142', os: 'Windows 10', type: 'desktop' },
    ],
  ])('%s is told to people', (text, expected) => {
    expect(describeText(text)).toEqual(expected);
  });

  it.each(['curl/8.5.0', '💥', '((((', 'x'.repeat(9_999)])('%s does no harm', (text) => {
    const { browser, os, type } = describeText(text);
    for (const part of [browser, os, type]) expect((part ?? '').length).toBeLessThanOrEqual(40);
  });

  it('has an id of its text, which is bounded', () => {
    expect(userAgentOf('a')?.id).not.toBe(userAgentOf('b')?.id);
    expect(userAgentOf('x'.repeat(600))).toEqual(userAgentOf('x'.repeat(512)));
    expect(userAgentOf('')).toBeUndefined();
    expect(describeUserAgent(undefined)).toEqual({});
  });
});
