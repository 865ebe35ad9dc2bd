import fc from 'fast-check';
import { publicMessage } from './public-message.js';

const SECRET = 'sk-proj-Ab3dEf6hIj9lMn2p';

describe('publicMessage', () => {
  it.each([
    `Incorrect API key provided: ${SECRET}. Find yours at https://example.test`,
    `{"authorization":"Bearer ${SECRET}"}`,
    `Authorization: Basic ${SECRET}`,
    `x-api-key: ${SECRET}`,
    `{"api_key": "${SECRET}"}`,
    `GET https://user:${SECRET}@example.test/`,
    `GET https://example.test/v1?model=m&key=${SECRET}&alt=json`,
    `GET https://example.test/v1?access_token=${SECRET}`,
    `bearer ${SECRET}`,
  ])('leaves out the key of %j', (text) => {
    expect(publicMessage(text)).not.toContain('Ab3dEf6hIj9lMn2p');
    expect(publicMessage(text)).toContain('***');
  });

  it('leaves the rest as it is', () => {
    const text =
      '429 Rate limit reached for gpt-4o in organization on tokens per min (TPM): Limit 30000, Used 29000.';
    expect(publicMessage(text)).toBe(text);
  });

  it('is one line of 512 characters at most', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 10_000 }), (text) => {
        expect(publicMessage(text).length).toBeLessThanOrEqual(512);
        expect(publicMessage(text)).not.toMatch(/[\r\n]/);
      }),
    );
    expect(publicMessage('word '.repeat(1_000))).toHaveLength(512);
  });
});
