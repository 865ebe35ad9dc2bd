import { hashingLimits } from './hashing-limits.js';

const MIB = 1024 * 1024;

describe('hashingLimits', () => {
  it.each([
    ['one core', 1, 8_192, 1],
    ['two cores', 2, 8_192, 2],
    ['many cores', 64, 65_536, 3],
    ['little memory', 4, 192, 2],
    ['hardly any memory', 4, 64, 1],
  ])('of %s', (_case, cores, memory, concurrency) => {
    expect(hashingLimits(cores, memory * MIB)).toEqual({
      ...{ concurrency, maxWaiting: concurrency * 64 },
      maxWaitMs: 2_000,
    });
  });
});
