import { RevocationGate } from '@gatehouse/access-control';
import { aServiceToken, aToken } from '../../../../test/support/access-tokens.js';
import { EventReader } from '../../../../test/support/event-reader.js';
import { eventually } from '../../../../test/support/eventually.js';
import { TransitionRecorder } from '../../src/events/transition.recorder.js';
import { HealthWorld } from './health-world.js';

/** Each ends the access of one reader and of nobody else. */
describe('a stream of events whose reader loses access', () => {
  let world: HealthWorld;
  let stays: EventReader;
  let version = 0;
  const readers: EventReader[] = [];

  const read = (token: string) => {
    const reader = new EventReader(`${world.replicas[0]!.origin}/v1/providers/events`, token);
    readers.push(reader);
    return reader;
  };
  const begun = async (reader: EventReader) => {
    await eventually('it has begun', () => reader.told[0]?.event === 'ready');
    return reader;
  };
  const user = (claims: object = {}) =>
    aToken(world.platform.key, { claims: { role: 'viewer', sub: 'v1', sid: 's-v1', ...claims } });
  const change = () => {
    const at = new Date().toISOString();
    const made = { provider: 'told', version: ++version, from: 'healthy', to: 'degraded', at } as const;
    const recorder = world.replicas[0]!.app.get(TransitionRecorder);
    return recorder.record({ ...made, reason: 'marked' }, () => Promise.resolve(true));
  };
  /** The reader has been cut off, hears nothing of what comes after, and the other hears all. */
  const isCutOff = async (reader: EventReader) => {
    await eventually('it has ended', () => reader.ended);
    const told = reader.told.length;
    const others = stays.told.length;
    await change();
    await eventually('who stays hears of it', () => stays.told.length > others);
    expect(reader.told).toHaveLength(told);
    expect(stays.ended).toBe(false);
  };

  beforeAll(async () => {
    world = await HealthWorld.open(1);
    await world.platform.changeRoles({
      watcher: { parent: 'guest', permissions: ['providers:read'] },
      viewer: { parent: 'guest', permissions: ['providers:read'] },
    });
    stays = await begun(read(await user({ sub: 'stays', sid: 's-stays' })));
  }, 60_000);
  afterAll(async () => {
    for (const reader of readers) reader.leave();
    await world.close();
  }, 60_000);

  it('ends with its session', async () => {
    const reader = await begun(read(await user({ sid: 's-ended' })));
    await world.platform.revoke({ kind: 'session', id: 's-ended' });
    await isCutOff(reader);
  }, 60_000);

  it('ends with the account, as when it is disabled or its password is set', async () => {
    const reader = await begun(read(await user({ sub: 'disabled', sid: 's-other' })));
    await world.platform.revoke({ kind: 'account', id: 'disabled', epoch: 1 });
    await isCutOff(reader);
  }, 60_000);

  it('ends with its own token', async () => {
    const reader = await begun(read(await user({ jti: 'this-token' })));
    await world.platform.revoke({ kind: 'token', id: 'this-token' });
    await isCutOff(reader);
  }, 60_000);

  it('ends when its token expires', async () => {
    const exp = Math.floor(Date.now() / 1000) + 8;
    const reader = await begun(read(await user({ exp })));
    await isCutOff(reader);
    expect(Date.now()).toBeGreaterThanOrEqual(exp * 1000 - 1_000);
  }, 60_000);

  it('ends when the role loses the permission', async () => {
    const reader = await begun(read(await user({ role: 'watcher', sub: 'w1', sid: 's-w1' })));
    await world.platform.changeRoles({
      watcher: { parent: 'guest', permissions: [] },
      viewer: { parent: 'guest', permissions: ['providers:read'] },
    });
    await isCutOff(reader);
  }, 60_000);

  it('ends with the account of a service', async () => {
    const token = await aServiceToken(world.platform.key, 'dashboard', ['providers:read']);
    const reader = await begun(read(token));
    await world.platform.revoke({ kind: 'account', id: 'dashboard', epoch: 1 });
    await isCutOff(reader);
  }, 60_000);

  it('does not come back with the same token', async () => {
    const token = await user({ sid: 's-again' });
    const reader = await begun(read(token));
    await world.platform.revoke({ kind: 'session', id: 's-again' });
    await eventually('it has ended', () => reader.ended);
    const again = read(token);
    await eventually('it is refused', () => again.status === 401);
    expect(world.replicas[0]!.app.get(RevocationGate).isFresh).toBe(true);
    expect(again.told).toEqual([]);
  }, 60_000);
});
