// opossum and cockatiel, as they count in one process.
import { CircuitState, SamplingBreaker, circuitBreaker, handleAll } from 'cockatiel';
import CircuitBreaker from 'opossum';
import { answer } from '../answers.mjs';
import { nanosecondsEach } from './timing.mjs';

/** What is counted stays in the window for as long as the measurement takes. */
const WINDOW_MS = 3_600_000;

const fail = async () => {
  throw new Error('upstream answered 500');
};
const serve = async () => 1;
/** Whatever becomes of the call, as the caller sees it. */
const settled = (call) => call.catch(() => undefined);

function opossum() {
  const breaker = new CircuitBreaker((fails) => (fails ? fail() : serve()), {
    ...{ timeout: false, rollingCountTimeout: WINDOW_MS, rollingCountBuckets: 10 },
    ...{ errorThresholdPercentage: 100, volumeThreshold: Number.MAX_SAFE_INTEGER },
  });
  return { call: (fails) => breaker.fire(fails), closed: () => breaker.closed };
}

function cockatiel() {
  const breaker = new SamplingBreaker({ threshold: 0.999_999, duration: WINDOW_MS, minimumRps: 1e9 });
  const policy = circuitBreaker(handleAll, { halfOpenAfter: WINDOW_MS, breaker });
  return {
    call: (fails) => policy.execute(fails ? fail : serve),
    closed: () => policy.state === CircuitState.Closed,
  };
}

const makers = { opossum, cockatiel };

answer({
  /** Nanoseconds for each outcome, with so many calls in the window before. The call itself costs a microtask. */
  async record({ side, before, kind, calls }) {
    const { call, closed } = makers[side]();
    for (let n = 0; n < before; n++) await call(false);
    const took = await nanosecondsEach(calls, () => settled(call(kind === 'failure')));
    if (!closed()) throw new Error(`${side} has opened`);
    return took;
  },

  /** Nanoseconds for each of so many calls that are served. */
  async execute({ side, calls }) {
    const { call } = makers[side]();
    return nanosecondsEach(calls, () => call(false));
  },
});
