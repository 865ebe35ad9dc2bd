import OpenAI from 'openai';
import { ChainExecutor } from '../../src/execution/chain.executor.js';
import { AllProvidersFailedError, StreamCutError } from '../../src/execution/execution.errors.js';
import type { CallContext } from '../../src/execution/execution-options.js';
import { terminator } from '../../src/execution/terminator.js';
import { type Answer, FailingUpstream, hanging, resetting, saying, streaming } from '../failing-upstream.js';
import { FakeProviderSource } from '../fake-provider-source.js';

describe('execute, over the network', () => {
  let upstreams: Record<string, FailingUpstream>;
  let source: FakeProviderSource;
  let executor: ChainExecutor;

  beforeEach(async () => {
    upstreams = { bad: await new FailingUpstream().open(), good: await new FailingUpstream().open() };
    source = new FakeProviderSource('bad', 'good');
    executor = new ChainExecutor(source);
  });
  afterEach(() => Promise.all(Object.values(upstreams).map((upstream) => upstream.close())));

  const urlOf = ({ provider }: CallContext) => upstreams[provider.name]?.url ?? '';
  const upstream = (name: 'bad' | 'good') => upstreams[name] as FailingUpstream;
  const ask = async (context: CallContext) => {
    const response = await fetch(urlOf(context), { signal: context.signal });
    return response.ok ? response.json() : response;
  };

  it.each<[string, Answer, string]>([
    ['resets', resetting, 'network'],
    ['hangs', hanging, 'timeout'],
    ['hangs after its headers', (response) => void response.writeHead(200).write('{'), 'timeout'],
    ['is limited', saying(429, {}, { 'retry-after': '30' }), 'rate-limited'],
    ['fails', saying(500, {}), 'server'],
    ['is overloaded', saying(529, {}), 'overload'],
    ['refuses the key', saying(401, {}), 'auth'],
    ['wants to be paid', saying(402, {}), 'quota'],
    ['answers nonsense', (response) => response.end('<html>'), 'server'],
  ])('goes on to the next when a provider %s', async (_what, answer, expected) => {
    upstream('bad').answer = answer;
    upstream('good').answer = saying(200, { text: 'hello' });
    const execution = await executor.execute(['bad', 'good'], ask, { tryTimeoutMs: 2_000 });
    expect(execution).toMatchObject({ value: { text: 'hello' }, provider: 'good' });
    expect(source.outcomes).toEqual([`bad: ${expected}`, 'good: success']);
  });

  it('goes on to the next when a provider is not there', async () => {
    await upstream('bad').close();
    const execution = await executor.execute(['bad', 'good'], ask);
    expect(execution.attempts).toMatchObject([{ outcome: 'network' }, { outcome: 'success' }]);
  });

  it('asks nobody else about a request that is wrong', async () => {
    upstream('bad').answer = saying(400, { error: { code: 'context_length_exceeded' } });
    await expect(executor.execute(['bad', 'good'], ask)).rejects.toMatchObject({ status: 400 });
    expect([upstream('good').calls, source.outcomes]).toEqual([0, ['bad: client']]);
  });

  it('says that nobody served', async () => {
    upstream('bad').answer = saying(500, {});
    upstream('good').answer = saying(503, {});
    await expect(executor.execute(['bad', 'good'], ask)).rejects.toThrow(AllProvidersFailedError);
  });

  describe('a stream of the SDK of OpenAI', () => {
    const chunk = (text: string) =>
      `data: ${JSON.stringify({ id: '1', choices: [{ index: 0, delta: { content: text } }] })}`;
    const finished = `data: ${JSON.stringify({ id: '1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] })}`;
    const chat = (context: CallContext) =>
      new OpenAI({ apiKey: 'none', baseURL: urlOf(context), maxRetries: 0 }).chat.completions.create(
        { model: 'm', messages: [{ role: 'user', content: 'hello' }], stream: true },
        { signal: context.signal },
      );
    const talk = async () => {
      const { value } = await executor.executeStream(['bad', 'good'], chat, {
        isComplete: () => (chunk) => chunk.choices[0]?.finish_reason != null,
        ...{ tryTimeoutMs: 3_000, idleTimeoutMs: 1_000 },
      });
      let text = '';
      try {
        for await (const chunk of value) text += chunk.choices[0]?.delta.content ?? '';
        return { text };
      } catch (error) {
        return { text, error };
      }
    };
    beforeEach(() => {
      upstream('good').answer = streaming([chunk('well'), finished, 'data: [DONE]'], 'end');
    });

    it.each<[string, Answer, string]>([
      ['refuses', saying(529, {}), 'overload'],
      ['is silent', streaming([], 'hang'), 'timeout'],
      ['is cut before the first chunk', streaming([], 'cut'), 'network'],
    ])('comes from the next when the first %s', async (_what, answer, expected) => {
      upstream('bad').answer = answer;
      expect(await talk()).toEqual({ text: 'well' });
      expect(source.outcomes).toEqual([`bad: ${expected}`, 'good: success']);
    });

    it.each<[string, Answer, string]>([
      ['is cut', streaming([chunk('be'), chunk('gun')], 'cut'), 'network'],
      ['ends too early', streaming([chunk('be'), chunk('gun')], 'end'), 'network'],
      ['stalls', streaming([chunk('be'), chunk('gun')], 'hang'), 'timeout'],
      [
        'tells an error',
        streaming([chunk('be'), chunk('gun'), 'data: {"error":{"type":"server_error"}}'], 'end'),
        'server',
      ],
    ])('counts against its provider when it %s', async (_what, answer, expected) => {
      upstream('bad').answer = answer;
      const { text, error } = await talk();
      expect(text).toBe('begun');
      expect(error).toBeInstanceOf(StreamCutError);
      expect(source.outcomes).toEqual([`bad: ${expected}`]);
      expect(upstream('good').calls).toBe(0);
    });
  });

  it('reads the body of a Response to its terminator', async () => {
    const stream = (context: CallContext) => fetch(urlOf(context), { signal: context.signal });
    const options = { isComplete: terminator('[DONE]') };
    upstream('bad').answer = streaming(['data: one', 'data: [DONE]'], 'end');
    const whole = await executor.executeStream<Uint8Array>(['bad'], stream, options);
    const read: Uint8Array[] = [];
    for await (const chunk of whole.value) read.push(chunk);
    expect(Buffer.concat(read).toString()).toContain('[DONE]');
    upstream('bad').answer = streaming(['data: one'], 'end');
    const cut = await executor.executeStream<Uint8Array>(['bad'], stream, options);
    await expect(
      (async () => {
        for await (const _chunk of cut.value);
      })(),
    ).rejects.toThrow(StreamCutError);
    expect(source.outcomes).toEqual(['bad: success', 'bad: network']);
  });
});
