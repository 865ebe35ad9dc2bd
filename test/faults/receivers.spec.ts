import { eventually } from '../support/eventually.js';
import { RedisDoor } from '../support/redis-door.js';
import { expectCurrent, range, type ReceiverState } from './broadcasts.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';

/** As many as one node of a stream in Redis holds: the tail keeps these, and less than twice of them. */
const KEPT = 100;

describe('a receiver of broadcasts', () => {
  const world = new FaultWorld();
  const door = new RedisDoor();
  let client: Child;
  let receiver: Child;
  let published = 0;

  beforeAll(async () => {
    await door.open();
    const limits = { keptBroadcasts: KEPT };
    [client, receiver] = await Promise.all([
      world.client({ limits }),
      world.receiver({ limits, redis: door.settings }),
    ]);
    await eventually('the first load', async () => (await stateOf()).steps.length > 0);
  });
  afterAll(async () => {
    await world.end();
    await door.close();
  });

  const stateOf = () => receiver.call<ReceiverState>('state');
  const revoke = async (count: number): Promise<number[]> => {
    const numbers = range(published + 1, published + count);
    published += count;
    await client.call('revoke', numbers);
    return numbers;
  };
  /** What it did since it had done so much. */
  const stepsSince = async (before: ReceiverState) =>
    (await expectCurrent(receiver, published)).steps.slice(before.steps.length);

  it('applies each in its order', async () => {
    const before = await stateOf();
    expect(before.steps).toEqual(['reload']);
    const numbers = await revoke(50);
    expect(await stepsSince(before)).toEqual(numbers);
  });

  it('that was paused by SIGSTOP catches up, one by one', async () => {
    const before = await stateOf();
    receiver.pause();
    const numbers = await revoke(KEPT / 2);
    receiver.resume();
    expect(await stepsSince(before)).toEqual(numbers);
  });

  it('that was paused and cut off meanwhile reads what it missed, one by one', async () => {
    const before = await stateOf();
    receiver.pause();
    door.cut();
    const numbers = await revoke(KEPT / 2);
    receiver.resume();
    expect(await stepsSince(before)).toEqual(numbers);
  });

  it('that was paused and cut off for longer than broadcasts are kept loads everything anew', async () => {
    const before = await stateOf();
    receiver.pause();
    door.cut();
    await revoke(3 * KEPT);
    receiver.resume();
    expect(await stepsSince(before)).toEqual(['reload']);
    const next = await revoke(10);
    expect(await stepsSince(before)).toEqual(['reload', ...next]);
  });

  it('that was cut off reads what it missed, and says meanwhile how old its knowledge is', async () => {
    const before = await stateOf();
    await door.close();
    const numbers = await revoke(KEPT / 2);
    await eventually('its age', async () => (await stateOf()).ageMs > 1_000);
    expect((await stateOf()).steps).toEqual(before.steps);
    await door.open();
    expect(await stepsSince(before)).toEqual(numbers);
    await eventually('it is current', async () => (await stateOf()).ageMs < 1_000);
  });

  it('that was killed holds everything when it is back', async () => {
    await receiver.kill();
    await revoke(10);
    receiver = await world.receiver();
    expect((await expectCurrent(receiver, published)).steps[0]).toBe('reload');
  });
});
