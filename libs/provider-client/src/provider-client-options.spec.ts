import { clientLimits } from './provider-client-options.js';

describe('clientLimits', () => {
  it('has a default for each', () => {
    expect(clientLimits({ staleAfterMs: 5_000 })).toMatchObject({
      staleAfterMs: 5_000,
      batchMs: 5,
      batchSize: 100,
    });
  });

  it.each([{ staleAfterMs: 0 }, { batchSize: 1_001 }, { maxQueuedOutcomes: Number.NaN }, { stale: 1 }])(
    'refuses %j and says what is wrong',
    (options) => {
      expect(() => clientLimits(options)).toThrow(new RegExp(Object.keys(options)[0] ?? ''));
    },
  );
});
