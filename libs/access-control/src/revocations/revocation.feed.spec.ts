import { jest } from '@jest/globals';
import type { AuthBroadcasts, Revocation } from '@gatehouse/auth-contracts';
import type { BroadcastHandler, BroadcastReceiver } from '@gatehouse/redis-transport';
import { RevocationFeed } from './revocation.feed.js';

const revocationOf = (id: string): Revocation => ({
  kind: 'session',
  id,
  revokedAt: new Date().toISOString(),
  expiresAt: new Date(Date.now() + 60_000).toISOString(),
});
const claimsOf = (sid: string) =>
  ({ sub: 'ada', type: 'access', client_id: 'gatehouse', jti: 'one', sid, role: 'user', epoch: 0 }) as const;

describe('RevocationFeed', () => {
  it('loses nothing that comes in while the snapshot is being read', async () => {
    let handler: BroadcastHandler<Revocation> | undefined;
    const receiver = {
      subscribe: (_pattern: string, given: BroadcastHandler<Revocation>) => {
        handler = given;
        return { ageMs: () => 0, time: { least: () => undefined }, stop: async () => undefined };
      },
    } as unknown as Pick<BroadcastReceiver<AuthBroadcasts>, 'subscribe'>;
    let answer: (revocations: Revocation[]) => void = () => undefined;
    const feed = new RevocationFeed(receiver, async function* () {
      yield await new Promise<Revocation[]>((resolve) => (answer = resolve));
    });
    const reload = handler?.reload();
    feed.add(revocationOf('own'));
    answer([revocationOf('earlier')]);
    await reload;
    await feed.whenLoaded();
    expect(['own', 'earlier', 'other'].map((sid) => feed.isRevoked(claimsOf(sid)))).toEqual([
      true,
      true,
      false,
    ]);
    await feed.stop();
  });

  it('knows nothing when there are more than it holds, and loads them anew', async () => {
    jest.useFakeTimers();
    let restarts = 0;
    const receiver = {
      subscribe: () => ({
        ...{ time: { least: () => undefined }, stop: async () => undefined, ageMs: () => 0 },
        restart: async () => void restarts++,
      }),
    } as unknown as Pick<BroadcastReceiver<AuthBroadcasts>, 'subscribe'>;
    const feed = new RevocationFeed(receiver, async function* () {}, 1);
    feed.add(revocationOf('one'));
    expect(feed.ageMs()).toBe(0);
    feed.add(revocationOf('two'));
    expect(feed.ageMs()).toBe(Number.POSITIVE_INFINITY);
    jest.advanceTimersByTime(10_000);
    expect([feed.size, feed.ageMs(), restarts]).toEqual([0, 0, 1]);
    await feed.stop();
    jest.useRealTimers();
  });

  it('keeps them while it may not be late enough, however the clock of the host is set', async () => {
    jest.useFakeTimers();
    const told: { least?: number } = {};
    const receiver = {
      subscribe: () => ({ time: { least: () => told.least }, stop: async () => undefined }),
    } as unknown as Pick<BroadcastReceiver<AuthBroadcasts>, 'subscribe'>;
    const feed = new RevocationFeed(receiver, async function* () {});
    const isRevokedAfterSweep = () => {
      jest.advanceTimersByTime(10_000);
      return feed.isRevoked(claimsOf('one'));
    };
    const revocation = revocationOf('one');
    feed.add(revocation);
    jest.setSystemTime(Date.now() + 3_600_000);
    expect(isRevokedAfterSweep()).toBe(true);
    told.least = Date.parse(revocation.expiresAt) - 1;
    expect(isRevokedAfterSweep()).toBe(true);
    told.least += 1;
    expect(isRevokedAfterSweep()).toBe(false);
    await feed.stop();
    jest.useRealTimers();
  });
});
