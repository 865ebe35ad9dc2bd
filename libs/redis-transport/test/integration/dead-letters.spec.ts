import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import {
  type DeadLetter,
  EventPublisher,
  type RequestClient,
  RedisTransportContext,
} from '@gatehouse/redis-transport';
import { Controller, type Type } from '@nestjs/common';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { testRedisUrl } from '../../../../test/support/redis.js';
import { runDeadLetters } from '../../src/dead-letters/dead-letters.cli.js';
import { eventually, type ProcessOptions, TransportWorld } from './transport-fixture.js';

const BIN = fileURLToPath(new URL('../../bin/gatehouse-dead-letters.mjs', import.meta.url));
const TOKEN = 'operator-token';

interface ProviderEvents {
  'providers.status-changed': { provider: string };
}

interface AuditRequests {
  'audit.note': { payload: { n: number }; answer: { n: number } };
}

describe('dead letters', () => {
  let world: TransportWorld;
  let fixed: boolean;
  let handled: { by: string; provider: string; headers: Record<string, string> }[];
  const stream = () => `${world.namespace}:{providers}:events`;
  const letters = () => world.redis.xlen(`${stream()}:dead:audit`);

  /** As `npx gatehouse-dead-letters` does, in this process. */
  const run = async (args: string[], env: Record<string, string | undefined> = {}) => {
    const told = { out: '', err: '' };
    const all = [...args, '--namespace', world.namespace];
    const code = await runDeadLetters(
      all,
      { REDIS_URL: testRedisUrl(), ...env },
      { out: (text) => (told.out += text), err: (text) => (told.err += text) },
    );
    return { code, ...told };
  };
  const runAsProcess = (args: string[]) =>
    new Promise<{ code: number; out: string; err: string }>((resolve) => {
      const options = { env: { PATH: process.env['PATH'], REDIS_URL: testRedisUrl() } };
      execFile(process.execPath, [BIN, ...args, '--namespace', world.namespace], options, (error, out, err) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, err }),
      );
    });
  const listed = async (box = 'events/providers/audit') => {
    const { out } = await run(['list', box, '--json']);
    return out
      .trimEnd()
      .split('\n')
      .map((text) => JSON.parse(text) as DeadLetter);
  };

  function subscriber(by: string): Type {
    @Controller()
    class Subscriber {
      @EventPattern<string>('providers.status-changed')
      changed(@Payload() { provider }: { provider: string }, @Ctx() context: RedisTransportContext) {
        if (by === 'audit' && provider.startsWith('poison') && !fixed)
          throw new TypeError(`cannot ${provider}`);
        handled.push({ by, provider, headers: { ...context.getHeaders() } });
      }
    }
    return Subscriber;
  }
  const service = (name: string, options: Partial<ProcessOptions> = {}) =>
    world.start({
      service: name,
      controllers: [subscriber(name)],
      ...options,
      limits: { maxDeliveries: 2, claimIdleMs: 100, ...options.limits },
    });
  const publish = async (...providers: string[]) => {
    const app = await world.start({ service: 'provider-health', identity: async () => 'publisher-token' });
    const events = app.get<EventPublisher<ProviderEvents>>(EventPublisher);
    for (const provider of providers) {
      await events.emit('providers.status-changed', { provider }, { id: `event-${provider}`, key: provider });
    }
  };

  beforeEach(() => {
    world = new TransportWorld();
    fixed = false;
    handled = [];
  });
  afterEach(() => world.end());

  it('tell what they were and what became of each delivery', async () => {
    await service('audit');
    await publish('poison');
    await eventually(async () => (await letters()) === 1, 'the dead letter');
    expect(await runAsProcess(['list'])).toEqual({ code: 0, out: 'events/providers/audit  1\n', err: '' });
    expect(await runAsProcess(['dance'])).toMatchObject({ code: 2, out: '' });
    const [letter] = await listed();
    expect((await run(['list', 'events/providers/audit'])).out).toMatch(
      /^\d+-\d+ {2}providers\.status-changed {2}event-poison {2}2 deliveries {2}TypeError: cannot poison\n$/,
    );
    const shown = await run(['show', 'events/providers/audit', letter?.id ?? '']);
    expect(shown.code).toBe(0);
    const thrown = 'TypeError: cannot poison';
    expect(JSON.parse(shown.out)).toMatchObject({
      id: letter?.id,
      pattern: 'providers.status-changed',
      data: '{"provider":"poison"}',
      headers: { 'message-id': 'event-poison', sender: 'provider-health' },
      error: { type: 'internal-error', status: 500 },
      thrown,
      deliveries: 2,
      history: [
        { delivery: 1, error: thrown },
        { delivery: 2, error: thrown },
      ],
    });
    expect(shown.out).not.toContain('publisher-token');
  });

  it('tell of consumers that were not heard of again', async () => {
    await world.redis.xgroup('CREATE', stream(), 'audit', '0', 'MKSTREAM');
    await publish('poison');
    await world.redis.xreadgroup('GROUP', 'audit', 'dead', 'COUNT', 1, 'STREAMS', stream(), '>');
    await service('audit');
    await eventually(async () => (await letters()) === 1, 'the dead letter');
    const [letter] = await listed();
    expect(letter?.history[0]).toEqual({ delivery: 1, consumer: 'dead', at: expect.any(String) as unknown });
    expect(letter?.history[1]).toMatchObject({ delivery: 2, error: 'TypeError: cannot poison' });
    expect(await world.redis.keys(`${stream()}:attempts:*`)).toEqual([]);
  });

  it('are put back for the service that gave them up, and for no other', async () => {
    await service('audit');
    await service('alerts');
    await publish('poison', 'poison-too');
    await eventually(async () => (await letters()) === 2, 'the dead letters');
    fixed = true;
    const [letter] = await listed();
    const replayed = await run(['replay', 'events/providers/audit', letter?.id ?? ''], {
      GATEHOUSE_TOKEN: TOKEN,
    });
    expect(replayed).toEqual({ code: 0, out: '1 put back\n', err: '' });
    await eventually(async () => (await world.redis.xlen(stream())) === 0, 'an empty stream');
    const by = (service: string) => handled.filter((event) => event.by === service);
    expect(by('audit')).toMatchObject([
      { provider: 'poison', headers: { 'message-id': 'event-poison', authorization: `Bearer ${TOKEN}` } },
    ]);
    expect(await letters()).toBe(1);
    expect((await run(['replay', 'events/providers/audit', '--all', '--without-token'])).out).toBe(
      '1 put back\n',
    );
    await eventually(() => by('audit').length === 2, 'the other one');
    expect(by('alerts')).toHaveLength(2);
    expect((await run(['list'])).out).toBe('There are no dead letters.\n');
  });

  it('come back when they fail again', async () => {
    await service('audit');
    await publish('poison');
    await eventually(async () => (await letters()) === 1, 'the dead letter');
    const [first] = await listed();
    await run(['replay', 'events/providers/audit', '--all', '--without-token']);
    await eventually(
      async () => (await letters()) === 1 && (await listed())[0]?.id !== first?.id,
      'it again',
    );
  });

  it('are dropped', async () => {
    await service('audit');
    await publish('poison', 'poison-too');
    await eventually(async () => (await letters()) === 2, 'the dead letters');
    const [letter] = await listed();
    expect((await run(['drop', 'events/providers/audit', letter?.id ?? ''])).out).toBe('1 dropped\n');
    expect((await run(['drop', 'events/providers/audit', '--all'])).out).toBe('1 dropped\n');
    expect(await letters()).toBe(0);
    expect(handled).toEqual([]);
  });

  it('of requests are put back too, though nobody waits any more', async () => {
    const requests = `${world.namespace}:{audit}:requests`;
    const noted: (string | undefined)[] = [];
    @Controller()
    class AuditController {
      @MessagePattern('audit.note')
      note(@Payload() { n }: { n: number }, @Ctx() context: RedisTransportContext) {
        noted.push(context.getHeader('authorization'));
        return { n };
      }
    }
    const app = await world.start({ service: 'auth', asks: ['audit'] });
    await world.redis.xgroup('CREATE', requests, 'audit', '0', 'MKSTREAM');
    const answer = firstValueFrom(
      app.get<RequestClient<AuditRequests>>('audit').send('audit.note', { n: 1 }),
    );
    await eventually(async () => (await world.redis.xlen(requests)) === 1, 'the request');
    await world.redis.xreadgroup('GROUP', 'audit', 'dead', 'COUNT', 1, 'STREAMS', requests, '>');
    const [[id]] = (await world.redis.xpending(requests, 'audit', '-', '+', 1)) as [[string]];
    await world.redis.call('XCLAIM', requests, 'audit', 'dead', '0', id, 'RETRYCOUNT', '5', 'JUSTID');
    await world.start({ service: 'audit', controllers: [AuditController] });
    await expect(answer).rejects.toMatchObject({ type: 'delivery-failed' });
    const replayed = await run(['replay', 'requests/audit', '--all'], { GATEHOUSE_TOKEN: TOKEN });
    expect(replayed.out).toBe('1 put back\n');
    await eventually(() => noted.length === 1, 'the request again');
    expect(noted).toEqual([`Bearer ${TOKEN}`]);
  });

  it('that are no messages can be dropped, not put back', async () => {
    await service('audit');
    await world.redis.xadd(stream(), '*', 'what', 'ever');
    await eventually(async () => (await letters()) === 1, 'the dead letter');
    const replayed = await run(['replay', 'events/providers/audit', '--all', '--without-token']);
    expect(replayed).toMatchObject({
      code: 1,
      out: '0 put back\n',
      err: expect.stringContaining('is no message') as unknown,
    });
    expect((await run(['drop', 'events/providers/audit', '--all'])).code).toBe(0);
  });

  it('are bounded: the oldest make room', async () => {
    await service('audit', { limits: { maxDeadLetters: 2 } });
    await publish('poison-1', 'poison-2', 'poison-3');
    await eventually(async () => (await world.redis.xlen(stream())) === 0, 'an empty stream');
    expect(await letters()).toBe(2);
  });

  it.each([
    [['list', 'requests/nobody'], 2, 'There are no dead letters in requests/nobody'],
    [['dance'], 2, 'There is no command dance'],
    [['list', '--limit', '0'], 2, '--limit takes a number'],
    [['list', '--what'], 2, 'what'],
    [['show', 'events/providers/audit'], 2, 'Say which one'],
    [['show', 'events/providers/audit', '1-1'], 1, 'There is no 1-1'],
    [['show', 'events/providers/audit', 'x'], 2, 'x is no ID'],
    [['drop', 'events/providers/audit'], 2, 'Say which ones'],
    [['drop', 'events/providers/audit', '1-1'], 1, 'There is no 1-1'],
    [['replay', 'events/providers/audit', '--all'], 2, 'needs --token-file'],
    [['replay', 'events/providers/audit', '--all', '--token-file', '/nowhere'], 2, '/nowhere cannot be read'],
  ])('refuse %j and change nothing', async (args, code, sentence) => {
    await world.redis.xadd(`${stream()}:dead:audit`, '*', 'pattern', 'a.b', 'headers', '{}', 'data', '{}');
    const refused = await run(args);
    expect(refused).toMatchObject({ code, err: expect.stringContaining(sentence) as unknown });
    expect(await letters()).toBe(1);
  });

  it('say so when Redis is away, and when the configuration is wrong', async () => {
    expect(await run(['list'], { REDIS_URL: 'redis://127.0.0.1:1' })).toMatchObject({
      code: 69,
      err: expect.stringMatching(/^Redis is away/) as unknown,
    });
    expect(await run(['list'], { REDIS_URL: 'what' })).toMatchObject({ code: 78 });
  });
});
