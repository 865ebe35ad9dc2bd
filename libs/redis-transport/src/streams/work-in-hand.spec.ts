import { WorkInHand } from './work-in-hand.js';

describe('WorkInHand', () => {
  it('knows how much more may be taken', () => {
    const work = new WorkInHand(2);
    work.start('1-0', 0);
    work.start('2-0', 0);
    expect(work.room).toBe(0);
    work.end('1-0');
    work.end('1-0');
    expect([work.room, work.size, work.has('1-0'), work.has('2-0')]).toEqual([1, 1, false, true]);
  });

  it('wakes who waits for an end', async () => {
    const work = new WorkInHand(1);
    work.start('1-0', 0);
    const change = work.change();
    work.end('1-0');
    await change;
  });

  it('counts what waits for another entry as not at work', async () => {
    const work = new WorkInHand(1);
    work.start('2-0', 0);
    expect([work.room, work.claimRoom]).toEqual([0, 0]);
    work.park('2-0', '1-0');
    expect([work.room, work.claimRoom, work.running]).toEqual([0, 1, 0]);
    expect([work.isAwaited('1-0'), work.isAwaited('2-0')]).toEqual([true, false]);
    expect([work.has('2-0'), work.isAtWork('2-0')]).toEqual([true, false]);
    work.start('1-0', 0);
    let resumed = false;
    const resuming = work.resume('2-0').then(() => (resumed = true));
    await new Promise(setImmediate);
    expect([resumed, work.claimRoom]).toEqual([false, 0]);
    work.end('1-0');
    await resuming;
    expect([work.running, work.isAwaited('1-0'), work.isAtWork('2-0')]).toEqual([1, false, true]);
  });

  it('parks no more than four times what may be at work', () => {
    const work = new WorkInHand(1);
    for (const id of ['1-0', '2-0', '3-0', '4-0']) {
      expect(work.claimRoom).toBe(1);
      work.start(id, 0);
      work.park(id, '0-1');
    }
    expect(work.claimRoom).toBe(0);
  });

  it('tells what has been at work for long', () => {
    const work = new WorkInHand(9);
    work.start('1-0', 100);
    work.start('2-0', 200);
    expect(work.startedBefore(150)).toEqual(['1-0']);
    expect([work.isSince('1-0', 100), work.isSince('2-0', 150), work.isSince('3-0', 999)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});
