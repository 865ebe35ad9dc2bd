import { LazyAbort } from './lazy-abort.js';

describe('LazyAbort', () => {
  it('aborts a signal that is there, and one that is asked for later, with the first reason', () => {
    const [early, late] = [new LazyAbort(), new LazyAbort()];
    const { signal } = early;
    expect(signal.aborted).toBe(false);
    for (const aborting of [early, late]) {
      aborting.abort('first');
      aborting.abort('second');
      expect(aborting.signal.aborted).toBe(true);
      expect(aborting.signal.reason).toBe('first');
    }
    expect(early.signal).toBe(signal);
  });
});
