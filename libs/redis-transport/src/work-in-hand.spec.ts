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

  it('tells what has been at work for long', () => {
    const work = new WorkInHand(9);
    work.start('1-0', 100);
    work.start('2-0', 200);
    expect(work.startedBefore(150)).toEqual(['1-0']);
  });
});
