import { randomUUID } from 'node:crypto';
import { apiKeyPrefix, newApiKey, readApiKeyId } from './api-key-text.js';

describe('an API key', () => {
  it('names its id', () => {
    for (const id of [
      randomUUID(),
      '00000000-0000-0000-0000-000000000000',
      'ffffffff-ffff-ffff-ffff-ffffffffffff',
    ]) {
      const key = newApiKey(id);
      expect(readApiKeyId(key)).toBe(id);
      expect(key.startsWith(`${apiKeyPrefix(id)}_`)).toBe(true);
      expect(key).toHaveLength(76);
    }
  });

  it('is another one each time', () => {
    const id = randomUUID();
    expect(newApiKey(id)).not.toBe(newApiKey(id));
  });

  it('is none when any one character is another, is left out, or comes twice', () => {
    const key = newApiKey(randomUUID());
    for (let at = 0; at < key.length; at++) {
      const [before, here, after] = [key.slice(0, at), key[at], key.slice(at + 1)];
      for (const other of [here === 'a' ? 'b' : 'a', here === '_' ? '-' : '_', ''])
        expect(readApiKeyId(`${before}${other}${after}`)).toBeUndefined();
      expect(readApiKeyId(`${before}${here}${here}${after}`)).toBeUndefined();
    }
  });

  it.each<[string, (key: string) => string]>([
    ['a space before', (key) => ` ${key}`],
    ['a newline behind', (key) => `${key}\n`],
    ['padding', (key) => `${key}=`],
    ['small letters', (key) => key.toLowerCase()],
    ['capital letters', (key) => key.toUpperCase()],
    ['wide letters', (key) => key.replace('gh', 'ｇｈ')],
    ['a zero-width space', (key) => key.replace('_', '\u200b_')],
    ['twice', (key) => `${key}, ${key}`],
    ['an id beyond a UUID', (key) => key.replace(/^gh_.{22}/, `gh_${'z'.repeat(22)}`)],
    ['nothing', () => ''],
  ])('is none with %s', (_case, spoil) => {
    expect(readApiKeyId(spoil(newApiKey(randomUUID())))).toBeUndefined();
  });
});
