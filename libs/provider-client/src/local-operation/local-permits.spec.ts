import { PERMIT_LEASE_MS } from '@gatehouse/provider-health-rules';
import { LocalPermits } from './local-permits.js';

describe('LocalPermits', () => {
  it('are so many at a time for each provider, until they are given back or their lease ends', () => {
    const permits = new LocalPermits();
    const first = permits.acquire('a', 1, 0) as { permit: string };
    expect(first).toMatchObject({ expiresAt: PERMIT_LEASE_MS });
    expect(LocalPermits.isLocal(first.permit)).toBe(true);
    expect(permits.acquire('a', 1, 10)).toEqual({ retryAt: PERMIT_LEASE_MS });
    expect(permits.acquire('b', 1, 10)).toHaveProperty('permit');
    permits.release('a', first.permit);
    expect(permits.acquire('a', 1, 20)).toHaveProperty('permit');
    expect(permits.acquire('a', 1, 20 + PERMIT_LEASE_MS)).toHaveProperty('permit');
  });
});
