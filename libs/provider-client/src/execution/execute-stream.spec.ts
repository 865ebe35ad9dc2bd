import { jest } from '@jest/globals';
import { FakeClock } from '../../test/fake-clock.js';
import { FakeProviderSource } from '../../test/fake-provider-source.js';
import { ChainExecutor } from './chain.executor.js';
import { AllProvidersFailedError, StreamCutError } from './execution.errors.js';
import type { CallContext, StreamOptions } from './execution-options.js';
import type { Streamable } from './provider-call.js';
import { terminator } from './terminator.js';

async function* saying(...chunks: (string | Error)[]): AsyncGenerator<string> {
  for (const chunk of chunks) {
    await Promise.resolve();
    if (chunk instanceof Error) throw chunk;
    yield chunk;
  }
}
/** Says what it has to say and is silent then, deaf to its signal. */
async function* stalling(...chunks: string[]): AsyncGenerator<string> {
  yield* chunks;
  await new Promise<never>(() => {});
}
const overloaded = Object.assign(new Error('busy'), { error: { type: 'overloaded_error' } });

describe('executeStream', () => {
  let source: FakeProviderSource;
  let clock: FakeClock;
  let executor: ChainExecutor;
  let signals: AbortSignal[];

  const stream = (providers: Record<string, () => Streamable<string>>, options: StreamOptions<string> = {}) =>
    executor.executeStream<string>(
      Object.keys(providers),
      ({ provider, signal }: CallContext) => {
        signals.push(signal);
        return Promise.resolve((providers[provider.name] as () => Streamable<string>)());
      },
      options,
    );
  /** What is read until the end, and what was thrown there. */
  const readAll = async (chunks: AsyncIterable<string>) => {
    const read: string[] = [];
    try {
      for await (const chunk of chunks) read.push(chunk);
      return { read };
    } catch (error) {
      return { read, error };
    }
  };

  beforeEach(() => {
    source = new FakeProviderSource('a', 'b');
    clock = new FakeClock();
    executor = new ChainExecutor(source, clock);
    signals = [];
  });
  afterEach(() => expect(clock.timersLeft).toBe(0));

  it('hands on the chunks and counts a success at the end, with the time to the first chunk', async () => {
    const paced = async function* () {
      await clock.advance(30);
      yield 'one';
      await clock.advance(500);
      yield 'two';
    };
    const execution = await stream({ a: paced });
    expect(source.reported).toEqual([]);
    expect(await readAll(execution.value)).toEqual({ read: ['one', 'two'] });
    expect(source.reported).toEqual([{ name: 'a', version: 7, responseTimeMs: 30 }]);
    expect(execution.attempts).toEqual([{ provider: 'a', outcome: 'success', durationMs: 530 }]);
    expect(await execution.value.next()).toEqual({ done: true, value: undefined });
  });

  it.each([
    [
      'the call fails',
      () => {
        throw overloaded;
      },
      'overload',
    ],
    ['the stream fails before its first chunk', () => saying(overloaded), 'overload'],
    ['the stream has no chunk', () => saying(), 'server'],
    ['there is no body', () => new Response(null), 'server'],
    ['the Response is no success', () => new Response('no', { status: 500 }), 'server'],
  ] as const)('asks the next when %s', async (_when, first, expected) => {
    const execution = await stream({ a: first as () => Streamable<string>, b: () => saying('ok') });
    expect(await readAll(execution.value)).toEqual({ read: ['ok'] });
    expect(source.outcomes).toEqual([`a: ${expected}`, 'b: success']);
  });

  it('asks the next when the first chunk does not come in time', async () => {
    const execution = stream({ a: () => stalling(), b: () => saying('ok') }, { tryTimeoutMs: 300 });
    await clock.advance(300);
    expect(await readAll((await execution).value)).toEqual({ read: ['ok'] });
    expect(source.outcomes).toEqual(['a: timeout', 'b: success']);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  });

  it('says that nobody had a chunk', async () => {
    await expect(stream({ a: () => saying(), b: () => saying(overloaded) })).rejects.toThrow(
      AllProvidersFailedError,
    );
  });

  describe('that breaks off after its first chunk', () => {
    const done = { isComplete: terminator('[DONE]') };

    it('throws what broke it and counts that', async () => {
      const { value } = await stream({ a: () => saying('one', overloaded), b: () => saying('never') });
      const { read, error } = await readAll(value);
      expect(read).toEqual(['one']);
      expect(error).toBeInstanceOf(StreamCutError);
      expect(error).toMatchObject({ provider: 'a', chunks: 1, cause: overloaded, type: 'stream-cut' });
      expect(source.outcomes).toEqual(['a: overload']);
      expect(await value.next()).toEqual({ done: true, value: undefined });
    });

    it('is found out when it ends without its terminator', async () => {
      const { error } = await readAll((await stream({ a: () => saying('one', 'two') }, done)).value);
      expect(error).toMatchObject({
        failure: { class: 'network', message: 'It ended before it was complete' },
      });
      expect(source.outcomes).toEqual(['a: network']);
    });

    it('is found out by its silence', async () => {
      const execution = await stream({ a: () => stalling('one') }, { idleTimeoutMs: 200 });
      const reading = readAll(execution.value);
      await clock.advance(200);
      expect((await reading).error).toMatchObject({ failure: { class: 'timeout' }, chunks: 1 });
      expect([source.outcomes, signals[0]?.aborted]).toEqual([['a: timeout'], true]);
    });

    it('has served when it was complete before', async () => {
      const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
      const { value } = await stream({ a: () => saying('one', '[DO', 'NE]', reset) }, done);
      expect(await readAll(value)).toEqual({ read: ['one', '[DO', 'NE]'] });
      expect(source.outcomes).toEqual(['a: success']);
    });
  });

  it('does not take a slow consumer for a silent provider', async () => {
    const { value } = await stream({ a: () => saying('one', 'two') }, { idleTimeoutMs: 200 });
    await value.next();
    await clock.advance(10_000);
    expect(await readAll(value)).toEqual({ read: ['two'] });
    expect(source.outcomes).toEqual(['a: success']);
  });

  it.each([
    ['neutral before it is complete', ['one', 'two'], 'a: cancelled'],
    ['a success after', ['[DONE]', 'two'], 'a: success'],
  ])('takes a consumer that stops for %s', async (_what, chunks, expected) => {
    const { value } = await stream({ a: () => saying(...chunks) }, { isComplete: terminator('[DONE]') });
    for await (const _chunk of value) break;
    expect([source.outcomes, signals[0]?.aborted]).toEqual([[expected], true]);
  });

  it('lets a consumer stop while a chunk is awaited', async () => {
    const { value } = await stream({ a: () => stalling('one') });
    await value.next();
    const waiting = value.next();
    await clock.advance(0);
    await value.return?.();
    expect(await waiting).toEqual({ done: true, value: undefined });
    expect(source.outcomes).toEqual(['a: cancelled']);
  });

  it.each([true, false])('stops at the abort of the caller, a chunk awaited: %p', async (isAwaited) => {
    const caller = new AbortController();
    const removed = jest.spyOn(caller.signal, 'removeEventListener');
    const { value } = await stream({ a: () => stalling('one') }, { signal: caller.signal });
    await value.next();
    const waiting = isAwaited ? value.next() : undefined;
    await clock.advance(0);
    caller.abort(new Error('enough'));
    expect(signals[0]?.aborted || isAwaited).toBe(true);
    await expect(waiting ?? value.next()).rejects.toThrow('enough');
    expect([source.outcomes, signals[0]?.aborted]).toEqual([['a: cancelled'], true]);
    expect(removed).toHaveBeenCalled();
  });

  it('reads the body of a Response', async () => {
    const execution = await executor.executeStream<Uint8Array>(['a'], () =>
      Promise.resolve(new Response('text')),
    );
    const read: Uint8Array[] = [];
    for await (const chunk of execution.value) read.push(chunk);
    expect(Buffer.concat(read).toString()).toBe('text');
  });

  it('keeps the order of reads that do not wait for each other', async () => {
    const { value } = await stream({ a: () => saying('1', '2') });
    const read = await Promise.all([value.next(), value.next(), value.next()]);
    expect(read.map((of) => of.value as unknown)).toEqual(['1', '2', undefined]);
  });
});
