import { sharedSecretKey } from '../keys/key-set.js';
import { VerifiedTokens } from './verified-tokens.js';

const verified = { key: sharedSecretKey('s'.repeat(32)), claims: {} };

describe('VerifiedTokens', () => {
  it('keeps those that were used last', () => {
    const tokens = new VerifiedTokens(2);
    tokens.add('a', verified);
    tokens.add('b', verified);
    expect(tokens.get('a')).toBe(verified);
    tokens.add('c', verified);
    expect(['a', 'b', 'c'].map((token) => tokens.get(token) !== undefined)).toEqual([true, false, true]);
    expect(tokens.size).toBe(2);
  });

  it('finds by the exact text', () => {
    const tokens = new VerifiedTokens(2);
    tokens.add('a', verified);
    expect(tokens.get('a ')).toBeUndefined();
    tokens.delete('a');
    expect(tokens.get('a')).toBeUndefined();
  });

  it('keeps none where none is to be kept', () => {
    const tokens = new VerifiedTokens(0);
    tokens.add('a', verified);
    expect(tokens.size).toBe(0);
  });
});
