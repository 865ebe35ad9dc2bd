import { DEFAULT_STALENESS, mayDecide } from './revocation-staleness.js';

const asked = (more: { role?: 'admin' | 'user'; permissions?: string[]; anyPermission?: string[] } = {}) => ({
  permissions: [],
  anyPermission: [],
  ...more,
});
const nothing = asked();
const reading = asked({ role: 'user', permissions: ['projects:read'] });
const sensitive = [
  asked({ role: 'admin' }),
  asked({ permissions: ['projects:create'] }),
  asked({ permissions: ['projects:read', 'projects:delete'] }),
  asked({ anyPermission: ['projects:read', 'projects:write'] }),
  asked({ permissions: ['*'] }),
];

describe('revocations of some age', () => {
  it('decide on everything while they are fresh', () => {
    for (const asking of [nothing, reading, ...sensitive])
      expect(mayDecide(5_000, asking, { ...DEFAULT_STALENESS, whenStale: 'refuse' })).toBe(true);
  });

  it('decide on reading only when they are stale', () => {
    for (const asking of [nothing, reading]) expect(mayDecide(5_001, asking, DEFAULT_STALENESS)).toBe(true);
    for (const asking of sensitive) expect(mayDecide(5_001, asking, DEFAULT_STALENESS)).toBe(false);
  });

  it('decide on all or nothing where the policy says so', () => {
    for (const asking of [nothing, reading, ...sensitive]) {
      expect(mayDecide(5_001, asking, { ...DEFAULT_STALENESS, whenStale: 'allow' })).toBe(true);
      expect(mayDecide(5_001, asking, { ...DEFAULT_STALENESS, whenStale: 'refuse' })).toBe(false);
    }
  });

  it('decide on nothing after a long outage, or when they were never loaded', () => {
    for (const whenStale of ['allow', 'by-requirement', 'refuse'] as const) {
      for (const age of [60_001, Number.POSITIVE_INFINITY])
        expect(mayDecide(age, nothing, { ...DEFAULT_STALENESS, whenStale })).toBe(false);
    }
  });

  it('are fresh for as long as said, though an outage may be said to be shorter', () => {
    expect(mayDecide(9_000, reading, { maxStalenessMs: 10_000, maxOutageMs: 0, whenStale: 'allow' })).toBe(
      true,
    );
    expect(mayDecide(11_000, reading, { maxStalenessMs: 10_000, maxOutageMs: 0, whenStale: 'allow' })).toBe(
      false,
    );
  });
});
