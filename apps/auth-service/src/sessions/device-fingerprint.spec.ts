import { deviceFingerprint } from './device-fingerprint.js';

describe('deviceFingerprint', () => {
  it('tells user agents apart, also from none', () => {
    expect(new Set([deviceFingerprint('a'), deviceFingerprint('b'), deviceFingerprint(undefined)]).size).toBe(
      3,
    );
  });
});
