import { jest } from '@jest/globals';
import { toProblem } from '@gatehouse/problem-details';
import type { ProbePermit } from '@gatehouse/provider-health-contracts';
import { FakeClock } from '../../test/fake-clock.js';
import { FakeProviderSource } from '../../test/fake-provider-source.js';
import { ProviderKeyUnavailableError } from '../provider-client.errors.js';
import { ChainExecutor } from './chain.executor.js';
import { AllProvidersFailedError } from './execution.errors.js';
import type { CallContext } from './execution-options.js';

const failing = (status: number, headers: Record<string, string> = {}) =>
  Object.assign(new Error('refused'), { status, headers });
const never = () => new Promise<never>(() => {});

describe('execute', () => {
  let source: FakeProviderSource;
  let clock: FakeClock;
  let executor: ChainExecutor;
  let calls: string[];

  /** What each provider does; `calls` has who was called. */
  const by = (providers: Record<string, (context: CallContext) => unknown>) => (context: CallContext) => {
    calls.push(context.provider.name);
    return Promise.resolve(providers[context.provider.name]?.(context));
  };
  const throwing = (error: unknown) => () => {
    throw error;
  };
  const refused = async (execution: Promise<unknown>) => {
    const error: unknown = await execution.then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(AllProvidersFailedError);
    return error as AllProvidersFailedError;
  };

  beforeEach(() => {
    source = new FakeProviderSource('a', 'b', 'c');
    clock = new FakeClock();
    executor = new ChainExecutor(source, clock, () => 0.5);
    calls = [];
  });
  afterEach(() => expect(clock.timersLeft).toBe(0));

  it('gives the value, who served, and what became of the others', async () => {
    source.set('b', { available: false, reason: 'timeout', status: 'unhealthy' });
    const execution = await executor.execute(['a', 'b', 'c'], by({ a: throwing(failing(500)), c: () => 42 }));
    expect(execution).toEqual({
      ...{ value: 42, provider: 'c', panic: false, stale: false },
      attempts: [
        { provider: 'a', outcome: 'server', reason: '500 refused', durationMs: 0 },
        { provider: 'c', outcome: 'success', durationMs: 0 },
      ],
      excluded: [{ name: 'b', reason: 'timeout' }],
    });
    expect(source.reported).toEqual([
      { name: 'a', version: 7, responseTimeMs: 0, class: 'server', message: '500 refused' },
      { name: 'c', version: 7, responseTimeMs: 0 },
    ]);
  });

  it('takes what getFallbackChain takes', async () => {
    source.set('a', { provider: { ...source.read(['a']).providers[0]!.provider, costPerMillionTokens: 2 } });
    source.set('b', { provider: { ...source.read(['b']).providers[0]!.provider, costPerMillionTokens: 1 } });
    const chain = { primary: 'a', fallbacks: ['b'], strategy: 'cheapest' } as const;
    expect((await executor.execute(chain, by({}))).provider).toBe('b');
    expect((await executor.execute(chain, by({}), { strategy: 'priority' })).provider).toBe('a');
  });

  it('counts a key that is not to be had for nothing, and asks the next', async () => {
    const execution = await executor.execute(
      ['a', 'b'],
      by({ a: throwing(new ProviderKeyUnavailableError('a', new Error('away'))), b: () => 42 }),
    );
    expect(execution).toMatchObject({ value: 42, provider: 'b', attempts: [{ outcome: 'client' }, {}] });
    expect(source.reported[0]).toMatchObject({ name: 'a', class: 'client' });
  });

  it.each([[[]], [['a', 'a']], [{ primary: 'a', fallbacks: ['a'] }]])(
    'refuses the chain %j',
    async (chain) => {
      await expect(executor.execute(chain, by({}))).rejects.toThrow(TypeError);
      await expect(executor.execute(['nobody'], by({}))).rejects.toMatchObject({ type: 'unknown-provider' });
      expect(source.reported).toEqual([]);
    },
  );

  it('explains that all failed, to the caller in full and to others by class', async () => {
    source.set('c', { available: false, reason: 'maintenance' });
    const [one, other] = [failing(529), failing(401)];
    const error = await refused(
      executor.execute(['a', 'b', 'c'], by({ a: throwing(one), b: throwing(other) })),
    );
    expect(error.reason).toBe('failed');
    expect(error.message).toBe(
      'No provider served the call (failed); a: overload (529 refused); b: auth (401 refused); c: not called, maintenance',
    );
    expect(error.cause).toMatchObject({ errors: [one, other] });
    expect(toProblem(error)).toMatchObject({
      ...{ type: 'all-providers-failed', status: 503 },
      errors: [
        { path: 'a', message: 'overload' },
        { path: 'b', message: 'auth' },
        { path: 'c', message: 'maintenance' },
      ],
    });
    expect(JSON.stringify(toProblem(error))).not.toContain('refused');
  });

  it('calls nobody when nobody is available, unless the panic policy says whom', async () => {
    source.set('a', { available: false, reason: 'rate-limited', availableAt: 10 });
    source.set('b', { available: false, reason: 'timeout', availableAt: 90 });
    const error = await refused(executor.execute(['a', 'b'], by({})));
    expect([error.reason, calls]).toEqual(['unavailable', []]);
    const inPanic = await executor.execute(['a', 'b'], by({}), { panic: 'soonest' });
    expect(inPanic).toMatchObject({ provider: 'a', panic: true });
  });

  it.each([
    ['a request that is wrong', failing(400), 'client'],
    ['a mistake of the caller', new TypeError('x is undefined'), 'client'],
    ['an abort of its own', new DOMException('enough', 'AbortError'), 'cancelled'],
  ])('throws %s as it is, and asks nobody else', async (_what, thrown, expected) => {
    await expect(executor.execute(['a', 'b'], by({ a: throwing(thrown) }))).rejects.toBe(thrown);
    expect(source.outcomes).toEqual([`a: ${expected}`]);
  });

  it('asks the next after the failures that it is told to', async () => {
    const options = { fallbackOn: ['client'] as const };
    expect((await executor.execute(['a', 'b'], by({ a: throwing(failing(404)) }), options)).provider).toBe(
      'b',
    );
    const thrown = failing(500);
    await expect(executor.execute(['a', 'b'], by({ a: throwing(thrown) }), options)).rejects.toBe(thrown);
  });

  it('takes the word of the caller for what an error means, also when that is broken', async () => {
    const classify = () => ({ class: 'quota' as const, message: 'key sk-abcdefghijkl' });
    await executor.execute(['a', 'b'], by({ a: throwing(new Error('odd')) }), { classify });
    expect(source.reported[0]).toMatchObject({ class: 'quota', message: 'key sk-***' });
    await executor.execute(['a', 'b'], by({ a: throwing(failing(502)) }), {
      classify: throwing(new Error()),
    });
    expect(source.outcomes.slice(2)).toEqual(['a: server', 'b: success']);
  });

  it('takes a Response that is no success for a failure', async () => {
    const limited = () => new Response('{"error":"slow"}', { status: 429, headers: { 'retry-after': '9' } });
    const execution = await executor.execute(['a', 'b'], by({ a: limited, b: () => new Response('ok') }));
    expect(await (execution.value as Response).text()).toBe('ok');
    expect(source.reported[0]).toMatchObject({ class: 'rate-limited', retryAfter: 9 });
    await expect(
      executor.execute(['a'], by({ a: () => new Response('{"error":{"code":"bad"}}', { status: 400 }) })),
    ).rejects.toMatchObject({ status: 400, error: { error: { code: 'bad' } } });
  });

  describe('in time', () => {
    it('goes on when a try has had its time, tells the call, and ignores what comes late', async () => {
      let late: (reason: unknown) => void = () => {};
      let signal: AbortSignal | undefined;
      const hanging = (context: CallContext) => {
        signal = context.signal;
        return new Promise((_resolve, reject) => (late = reject));
      };
      const execution = executor.execute(['a', 'b'], by({ a: hanging, b: () => 1 }), { tryTimeoutMs: 500 });
      await clock.advance(500);
      expect((await execution).attempts.map(({ outcome }) => outcome)).toEqual(['timeout', 'success']);
      expect(signal?.aborted).toBe(true);
      late(new Error('late'));
      await clock.advance(0);
      expect(source.outcomes).toEqual(['a: timeout', 'b: success']);
    });

    it('ends at the deadline, whatever the call does', async () => {
      const execution = refused(
        executor.execute(['a', 'b', 'c'], by({ a: never, b: never }), {
          tryTimeoutMs: 700,
          deadlineMs: 1_000,
        }),
      );
      await clock.advance(1_000);
      const error = await execution;
      expect(error.reason).toBe('deadline');
      // The second had less than a try's time: nobody knows what it would have done.
      expect(source.outcomes).toEqual(['a: timeout', 'b: cancelled']);
    });

    it('takes a first try that used up the whole time for a timeout of its provider', async () => {
      const execution = refused(executor.execute(['a', 'b'], by({ a: never }), { deadlineMs: 1_000 }));
      await clock.advance(1_000);
      expect((await execution).reason).toBe('deadline');
      expect(source.outcomes).toEqual(['a: timeout']);
    });

    it('stops at once at the abort of the caller, which counts for nothing', async () => {
      const caller = new AbortController();
      const removed = jest.spyOn(caller.signal, 'removeEventListener');
      let signal: AbortSignal | undefined;
      const hanging = (context: CallContext) => ((signal = context.signal), never());
      const execution = executor.execute(['a', 'b'], by({ a: hanging }), { signal: caller.signal });
      await clock.advance(0);
      const reason = new Error('enough');
      caller.abort(reason);
      await expect(execution).rejects.toBe(reason);
      expect([source.outcomes, signal?.reason]).toEqual([['a: cancelled'], reason]);
      expect(removed).toHaveBeenCalledTimes(1);
    });

    it('calls nobody for a caller who has aborted before', async () => {
      const signal = AbortSignal.abort(new Error('enough'));
      await expect(executor.execute(['a'], by({}), { signal })).rejects.toThrow('enough');
      expect([calls, source.reported]).toEqual([[], []]);
    });

    it('leaves no listener on the signal of a caller', async () => {
      const { signal } = new AbortController();
      const [added, removed] = [
        jest.spyOn(signal, 'addEventListener'),
        jest.spyOn(signal, 'removeEventListener'),
      ];
      await executor.execute(['a', 'b'], by({ a: throwing(failing(500)) }), { signal });
      expect(removed.mock.calls).toEqual(added.mock.calls);
      expect(added).toHaveBeenCalledTimes(1);
    });
  });

  describe('a half-open provider', () => {
    const permit = { permit: 'p-1', expiresAt: '2026-01-01T00:00:00.000Z' };
    beforeEach(() => source.set('a', { status: 'unhealthy', reason: 'half-open' }));

    it('is called under a permit, which goes back with the outcome', async () => {
      source.permits = () => Promise.resolve(permit);
      expect((await executor.execute(['a', 'b'], by({}))).provider).toBe('a');
      await executor.execute(['a', 'b'], by({ a: throwing(failing(500)) }));
      await expect(executor.execute(['a', 'b'], by({ a: throwing(failing(400)) }))).rejects.toThrow();
      expect(source.reported).toMatchObject([
        { name: 'a', permit: 'p-1' },
        { name: 'a', permit: 'p-1', class: 'server' },
        { name: 'b' },
        { name: 'a', permit: 'p-1', class: 'client' },
      ]);
    });

    it.each([
      ['others try it', undefined, 'no-permit'],
      ['nobody can be asked', () => Promise.reject(new Error('away')), 'permit-unavailable'],
    ])('is passed over at once while %s', async (_when, permits, reason) => {
      source.permits = permits ?? source.permits;
      const execution = await executor.execute(['a', 'b'], by({}));
      expect([execution.provider, calls, execution.excluded]).toEqual(['b', ['b'], [{ name: 'a', reason }]]);
    });

    it('is passed over when the permit does not come, which is given back when it does', async () => {
      let arrive: (permit: ProbePermit) => void = () => {};
      source.permits = () => new Promise((resolve) => (arrive = resolve));
      const execution = executor.execute(['a', 'b'], by({}));
      await clock.advance(1_000);
      expect((await execution).provider).toBe('b');
      arrive(permit);
      await clock.advance(0);
      expect(source.reported).toMatchObject([
        { name: 'b' },
        { name: 'a', class: 'cancelled', permit: 'p-1' },
      ]);
    });

    it('gets its permit back from a caller who aborts while waiting for it', async () => {
      const caller = new AbortController();
      let arrive: (permit: ProbePermit) => void = () => {};
      source.permits = () => new Promise((resolve) => (arrive = resolve));
      const execution = executor.execute(['a', 'b'], by({}), { signal: caller.signal });
      caller.abort(new Error('enough'));
      await expect(execution).rejects.toThrow('enough');
      arrive(permit);
      await clock.advance(0);
      expect([calls, source.outcomes]).toEqual([[], ['a: cancelled']]);
    });
  });

  it('passes over whom it has learnt to be closed since', async () => {
    const closing = () => {
      source.set('b', { available: false, reason: 'rate-limited' });
      throw failing(500);
    };
    const execution = await executor.execute(['a', 'b', 'c'], by({ a: closing }));
    expect([execution.provider, execution.excluded]).toEqual(['c', [{ name: 'b', reason: 'rate-limited' }]]);
  });

  describe('retries', () => {
    it('asks the same provider again after a pause, for failures that pass', async () => {
      let times = 0;
      const flaky = () => {
        if (times++ < 2) throw failing(500);
        return 'third';
      };
      const execution = executor.execute(['a', 'b'], by({ a: flaky }), { retries: 2 });
      await clock.advance(49);
      expect(calls).toEqual(['a']);
      await clock.advance(1);
      expect(calls).toEqual(['a', 'a']);
      await clock.advance(100);
      expect(await execution).toMatchObject({ value: 'third', provider: 'a' });
      expect(source.outcomes).toEqual(['a: server', 'a: server', 'a: success']);
    });

    it.each([429, 401, 529])('goes on at once after %i', async (status) => {
      await executor.execute(['a', 'b'], by({ a: throwing(failing(status)) }), { retries: 2 });
      expect(calls).toEqual(['a', 'b']);
    });

    it('stays within the budget, which the next provider does not need', async () => {
      for (let call = 0; call < 150; call++) {
        const execution = executor.execute(['a', 'b'], by({ a: throwing(failing(500)) }), { retries: 1 });
        await clock.advance(50);
        expect((await execution).provider).toBe('b');
      }
      const again = calls.filter((name) => name === 'a').length - 150;
      expect(again).toBeLessThanOrEqual(130);
      expect(again).toBeGreaterThanOrEqual(110);
      expect(calls.filter((name) => name === 'b')).toHaveLength(150);
    });

    it('bounds what is tried in panic', async () => {
      for (const name of ['a', 'b']) source.set(name, { available: false, reason: 'timeout' });
      const reasons = new Set<string>();
      for (let call = 0; call < 130; call++) {
        const chain = by({ a: throwing(failing(500)), b: throwing(failing(500)) });
        reasons.add((await refused(executor.execute(['a', 'b'], chain, { panic: 'least-bad' }))).reason);
      }
      expect([...reasons]).toEqual(['failed', 'retry-budget']);
      expect(calls.filter((name) => name === 'b').length).toBeLessThanOrEqual(126);
    });
  });

  it('sends least-latency to whom it has measured to be faster', async () => {
    const slow = async () => clock.advance(400);
    await executor.execute(['a'], by({ a: slow }));
    await executor.execute(['b'], by({ b: () => clock.advance(10) }));
    const execution = await executor.execute(['a', 'b'], by({}), { strategy: 'least-latency' });
    expect(execution.provider).toBe('b');
  });

  it('says that what it went by is old', async () => {
    source.isStale = true;
    expect((await executor.execute(['a'], by({}))).stale).toBe(true);
  });
});
