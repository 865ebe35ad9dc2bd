import { NextRun } from './next-run.js';

describe('NextRun', () => {
  it('lets all who ask during a run wait for one run more', async () => {
    const ends: (() => void)[] = [];
    let runs = 0;
    const read = new NextRun(async () => {
      const run = ++runs;
      await new Promise<void>((resolve) => ends.push(resolve));
      return run;
    });
    const first = read.run();
    const meanwhile = [read.run(), read.run()];
    expect(runs).toBe(1);
    ends.shift()?.();
    expect(await first).toBe(1);
    await new Promise(setImmediate);
    expect(runs).toBe(2);
    const later = read.run();
    ends.shift()?.();
    expect(await Promise.all(meanwhile)).toEqual([2, 2]);
    await new Promise(setImmediate);
    ends.shift()?.();
    expect(await later).toBe(3);
  });

  it('runs again after a failure', async () => {
    let runs = 0;
    const read = new NextRun(async () => {
      if (++runs === 1) throw new Error('away');
      return runs;
    });
    const [first, second] = await Promise.allSettled([read.run(), read.run()]);
    expect(first.status).toBe('rejected');
    expect(second).toEqual({ status: 'fulfilled', value: 2 });
  });
});
