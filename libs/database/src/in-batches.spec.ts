import { inBatches } from './in-batches.js';

describe('inBatches', () => {
  const removing = (rows: number) => {
    const state = { left: rows, batches: 0 };
    const remove = (most: number) => {
      const removed = Math.min(most, state.left);
      state.left -= removed;
      state.batches++;
      return Promise.resolve(removed);
    };
    return { state, remove };
  };

  it.each([
    [0, 1],
    [9, 1],
    [10, 2],
    [25, 3],
  ])('removes %s in %s', async (rows, batches) => {
    const { state, remove } = removing(rows);
    await inBatches(10, remove);
    expect(state).toEqual({ left: 0, batches });
  });

  it('leaves the rest to the next run when there is no end of them', async () => {
    const { state, remove } = removing(Infinity);
    await inBatches(10, remove);
    expect(state.batches).toBe(100);
  });
});
