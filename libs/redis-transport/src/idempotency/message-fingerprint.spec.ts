import type { Message } from '../messages/message.js';
import { requestFingerprint } from './message-fingerprint.js';

const tokenOf = (claims: object) =>
  `Bearer e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.c2ln`;
const message = (changes: Partial<Message> = {}): Message => ({
  pattern: 'audit.append',
  headers: { authorization: tokenOf({ sub: 'auth-service', exp: 1 }) },
  data: { n: 1 },
  ...changes,
});

describe('requestFingerprint', () => {
  const same = requestFingerprint(message());

  it('is the same after the token was renewed', () => {
    const headers = { authorization: tokenOf({ sub: 'auth-service', exp: 2 }), 'correlation-id': 'x' };
    expect(requestFingerprint(message({ headers }))).toBe(same);
  });

  it.each<Partial<Message>>([
    { pattern: 'audit.search' },
    { data: { n: 2 } },
    { headers: { authorization: tokenOf({ sub: 'other-service' }) } },
    { headers: { authorization: tokenOf({}) } },
    { headers: { authorization: 'Bearer opaque' } },
    { headers: {} },
  ])('is another for %j', (changes) => {
    expect(requestFingerprint(message(changes))).not.toBe(same);
  });
});
