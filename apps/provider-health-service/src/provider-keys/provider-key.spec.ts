import { inspect } from 'node:util';
import { OpenedKey } from './opened-key.js';
import { keyContext, last4Of, originOf } from './provider-key.js';

describe('last4Of', () => {
  it.each([
    ['sk-0123456789abc', 'abcd'],
    ['sk-0123456789ab', null],
    ['12345678', null],
  ])('of %s', (start, last4) => {
    expect(last4Of(last4 === null ? start : `${start}d`)).toBe(last4);
  });
});

describe('originOf', () => {
  it.each([
    ['https://API.example.test/v1?x=1', 'https://api.example.test'],
    ['https://api.example.test:443', 'https://api.example.test'],
    ['http://api.example.test:8080/a', 'http://api.example.test:8080'],
  ])('of %s is %s', (url, origin) => {
    expect(originOf(url)).toBe(origin);
  });
});

describe('keyContext', () => {
  it('differs with provider, key id and origin', () => {
    const key = { provider: 'a', keyId: 'k', origin: 'https://a.test' };
    const contexts = [
      key,
      { ...key, provider: 'b' },
      { ...key, keyId: 'l' },
      { ...key, origin: 'https://b.test' },
    ];
    expect(new Set(contexts.map(keyContext)).size).toBe(4);
  });
});

describe('OpenedKey', () => {
  it('gives the key to who asks for it by name, and to nobody else', () => {
    const key = new OpenedKey('k1', 'https://a.test', 'sk-planted');
    expect(key.reveal()).toBe('sk-planted');
    const shown = [JSON.stringify(key), inspect(key, { showHidden: true, depth: 9 })];
    expect([...shown, JSON.stringify(Object.entries(key))].join()).not.toContain('planted');
  });
});
