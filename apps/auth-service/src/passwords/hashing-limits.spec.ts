import { hashingLimits } from './hashing-limits.js';

const MIB = 1024 * 1024;

describe('hashingLimits', () => {
  it.each([
    ['one core', 1, 8_192, 19, 1],
    ['two cores', 2, 8_192, 19, 2],
    ['many cores', 64, 65_536, 19, 64],
    ['little memory', 4, 192, 19, 2],
    ['hardly any memory', 4, 64, 19, 1],
    ['hashes that take much', 4, 1_024, 123, 2],
  ])('of %s', (_case, cores, memory, ofEach, concurrency) => {
    expect(
      hashingLimits({
        cores,
        memoryBytes: memory * MIB,
        cost: { memoryCost: ofEach * 1_024, timeCost: 2, parallelism: 1 },
      }),
    ).toEqual({
      ...{ concurrency, maxWaiting: concurrency * 64 },
      maxWaitMs: 2_000,
    });
  });
});
