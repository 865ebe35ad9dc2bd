import { EventPublisher, type RequestClient, RedisTransportHealth } from '@gatehouse/redis-transport';
import { Controller, type INestApplication } from '@nestjs/common';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom } from 'rxjs';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { eventually, type ProcessOptions, TransportWorld } from './transport-fixture.js';

const HOUR_MS = 3_600_000;

interface AuditRequests {
  'audit.echo': { payload: { n: number }; answer: { n: number } };
  'audit.slow': { payload: { n: number }; answer: { n: number } };
}

interface ProviderEvents {
  'providers.status-changed': { n: number };
}

describe('a fault', () => {
  let world: TransportWorld;
  let handled: number[];
  let release: () => void;
  let begun: Promise<void>;
  const doors: RedisDoor[] = [];
  const requests = () => `${world.namespace}:{audit}:requests`;
  const events = () => `${world.namespace}:{providers}:events`;

  const audit = (options: Partial<ProcessOptions> = {}) => {
    let begin: () => void = () => undefined;
    begun = new Promise((resolve) => (begin = resolve));
    const released = new Promise<void>((resolve) => (release = resolve));
    @Controller()
    class AuditController {
      @MessagePattern('audit.echo')
      echo(@Payload() { n }: { n: number }) {
        handled.push(n);
        return { n };
      }

      @MessagePattern('audit.slow')
      async slow(@Payload() { n }: { n: number }) {
        begin();
        await released;
        handled.push(n);
        return { n };
      }

      @EventPattern<string>('providers.status-changed')
      changed(@Payload() { n }: { n: number }) {
        handled.push(n);
      }
    }
    return world.start({ service: 'audit', controllers: [AuditController], ...options });
  };
  const caller = async (options: Partial<ProcessOptions> = {}) => {
    const app = await world.start({ service: 'auth', asks: ['audit'], ...options });
    return app.get<RequestClient<AuditRequests>>('audit');
  };
  const echo = (client: RequestClient<AuditRequests>, n: number, timeoutMs?: number) =>
    firstValueFrom(client.send('audit.echo', { n }, { timeoutMs })).catch((error: unknown) => error);
  const door = async () => {
    const opened = await new RedisDoor().open();
    doors.push(opened);
    return opened;
  };
  /** Another consumer of the service takes everything that waits, and dies. */
  const takeAndDie = (stream: string) =>
    world.redis.xreadgroup('GROUP', 'audit', 'dead', 'COUNT', 100, 'STREAMS', stream, '>');
  const consumers = async () =>
    ((await world.redis.xinfo('CONSUMERS', requests(), 'audit')) as string[][]).map((fields) => fields[1]);

  beforeEach(() => {
    world = new TransportWorld();
    handled = [];
  });
  afterEach(async () => {
    release?.();
    await world.end();
    await Promise.all(doors.splice(0).map((opened) => opened.close()));
  });

  it('that kills a consumer leaves its work to another', async () => {
    const client = await caller();
    await world.redis.xgroup('CREATE', requests(), 'audit', '0', 'MKSTREAM');
    const answer = echo(client, 1);
    await eventually(async () => (await world.redis.xlen(requests())) === 1, 'the request');
    await takeAndDie(requests());
    await audit();
    expect(await answer).toEqual({ n: 1 });
    await eventually(
      async () => !(await consumers()).includes('dead') || (await world.redis.xlen(requests())) === 0,
    );
  });

  it('that kills every consumer of a message puts it aside, and its caller is told', async () => {
    const client = await caller();
    await world.redis.xgroup('CREATE', requests(), 'audit', '0', 'MKSTREAM');
    const answer = echo(client, 1);
    await eventually(async () => (await world.redis.xlen(requests())) === 1, 'the request');
    await takeAndDie(requests());
    const [[id]] = (await world.redis.xpending(requests(), 'audit', '-', '+', 1)) as [[string]];
    await world.redis.call('XCLAIM', requests(), 'audit', 'dead', '0', id, 'RETRYCOUNT', '5', 'JUSTID');
    await audit();
    expect(await answer).toMatchObject({ type: 'delivery-failed', status: 500 });
    expect(handled).toEqual([]);
    expect(await world.redis.xlen(`${requests()}:dead`)).toBe(1);
    expect(await world.redis.xlen(requests())).toBe(0);
  });

  it('that killed a consumer with nothing pending leaves no name behind', async () => {
    const client = await caller();
    // From 7.2 on a consumer has a name while it waits, and each wait counts as a sign of life.
    await audit({ limits: { deadConsumerMs: 200, blockMs: 1_000 } });
    await eventually(async () => (await world.redis.exists(requests())) === 1, 'the group');
    await world.redis.xgroup('CREATECONSUMER', requests(), 'audit', 'dead');
    await eventually(async () => !(await consumers()).includes('dead'), 'its removal');
    // One that only waits may be taken for dead as well, and is there again with its next message.
    await eventually(async () => (await consumers()).length === 0, 'no name');
    expect(await echo(client, 1)).toEqual({ n: 1 });
    expect(await consumers()).toHaveLength(1);
  });

  it('of time: a request whose deadline has passed is not handled', async () => {
    const client = await caller();
    expect(await echo(client, 1, 100)).toMatchObject({ type: 'deadline-exceeded' });
    await audit();
    expect(await echo(client, 2)).toEqual({ n: 2 });
    await eventually(async () => (await world.redis.xlen(requests())) === 0, 'an empty stream');
    expect(handled).toEqual([2]);
  });

  it.each([
    ['behind', -HOUR_MS],
    ['ahead', HOUR_MS],
  ])('of clocks: a caller whose host is an hour %s is answered, and in time', async (_where, offMs) => {
    const client = await caller();
    const right = Date.now;
    Date.now = () => right() + offMs;
    const answer = echo(client, 1);
    const late = echo(client, 2, 100);
    await eventually(async () => (await world.redis.xlen(requests())) === 2, 'both requests').finally(
      () => (Date.now = right),
    );
    expect(await late).toMatchObject({ type: 'deadline-exceeded' });
    await audit();
    expect(await answer).toEqual({ n: 1 });
    await eventually(async () => (await world.redis.xlen(requests())) === 0, 'an empty stream');
    expect(handled).toEqual([1]);
  });

  it('of clocks: a consumer whose clock is set while it runs loses nothing', async () => {
    const client = await caller();
    await audit();
    const right = Date.now;
    try {
      for (const [n, offMs] of [0, HOUR_MS, -HOUR_MS].entries()) {
        Date.now = () => right() + offMs;
        expect(await echo(client, n)).toEqual({ n });
      }
    } finally {
      Date.now = right;
    }
  });

  it('of age: a caller that says its deadline by its own clock is answered until then', async () => {
    await audit();
    const add = (n: number, deadline: number) => {
      const headers = JSON.stringify({ 'message-id': `m${n}`, deadline: String(deadline) });
      const data = JSON.stringify({ n });
      return world.redis.xadd(
        requests(),
        ...(['*', 'pattern', 'audit.echo', 'headers', headers, 'data', data] as const),
      );
    };
    await add(1, Date.now() - 1_000);
    await add(2, Date.now() + 60_000);
    await eventually(async () => (await world.redis.xlen(requests())) === 0, 'an empty stream');
    expect(handled).toEqual([2]);
  });

  it('of measure: what cannot wait is refused at once', async () => {
    const client = await caller({ limits: { maxQueuedRequests: 3 } });
    const waiting = [1, 2, 3].map((n) => echo(client, n));
    await eventually(async () => (await world.redis.xlen(requests())) === 3, 'three requests');
    expect(await echo(client, 4)).toMatchObject({ type: 'overloaded', status: 503, retryAfterSeconds: 1 });
    await audit();
    expect(await Promise.all(waiting)).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
  });

  it('that empties Redis is recovered from', async () => {
    const client = await caller();
    const publisher = (await world.start({ service: 'provider-health' })).get<EventPublisher<ProviderEvents>>(
      EventPublisher,
    );
    await audit();
    expect(await echo(client, 1)).toEqual({ n: 1 });
    await eventually(async () => (await world.redis.exists(events())) === 1, 'the stream of events');
    await world.redis.del(requests(), events());
    expect(await echo(client, 2)).toEqual({ n: 2 });
    await publisher.emit('providers.status-changed', { n: 3 });
    await eventually(() => handled.includes(3), 'the event');
  });

  it('at the start, Redis away, does not hold the start up, and is over when Redis comes', async () => {
    const way = await door();
    await way.close();
    const app = await audit({ redis: way.settings });
    const client = await caller({ redis: way.settings });
    expect(await echo(client, 1)).toMatchObject({ type: 'dependency-unavailable', status: 503 });
    await expect(app.get(RedisTransportHealth).check()).rejects.toThrow();
    await way.open();
    await eventually(async () => JSON.stringify(await echo(client, 2)) === '{"n":2}', 'an answer');
    await app.get(RedisTransportHealth).check();
    expect(handled).toEqual([2]);
  });

  it('between a caller and Redis ends what waits, and is over by itself', async () => {
    const way = await door();
    const client = await caller({ redis: way.settings });
    await audit();
    const answer = firstValueFrom(client.send('audit.slow', { n: 1 })).catch((error: unknown) => error);
    await begun;
    way.cut();
    expect(await answer).toMatchObject({ type: 'reply-lost', status: 503 });
    await eventually(async () => JSON.stringify(await echo(client, 2)) === '{"n":2}', 'an answer');
  });

  it('between a consumer and Redis while a handler is at work makes it do nothing twice', async () => {
    const way = await door();
    const client = await caller();
    await audit({ redis: way.settings });
    const answer = firstValueFrom(client.send('audit.slow', { n: 1 }));
    await begun;
    await way.close();
    release();
    await eventually(() => handled.length === 1, 'the end of the handler');
    await way.open();
    expect(await answer).toEqual({ n: 1 });
    await eventually(async () => (await world.redis.xlen(requests())) === 0, 'an empty stream');
    expect(handled).toEqual([1]);
  });

  it('is not what a shutdown is: what was accepted is answered, and the name is removed', async () => {
    const client = await caller();
    const app: INestApplication = await audit();
    const answer = firstValueFrom(client.send('audit.slow', { n: 1 }));
    await begun;
    const closed = app.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const late = echo(client, 2);
    release();
    expect(await answer).toEqual({ n: 1 });
    await closed;
    expect(await consumers()).toEqual([]);
    await audit();
    expect(await late).toEqual({ n: 2 });
  });

  it('of a message that is none puts it aside, and others go on', async () => {
    const client = await caller();
    await audit();
    await world.redis.xadd(requests(), '*', 'odd', 'entry');
    await world.redis.xadd(requests(), '*', 'pattern', 'audit.echo', 'headers', '[]', 'data', '{');
    expect(await echo(client, 1)).toEqual({ n: 1 });
    await eventually(async () => (await world.redis.xlen(`${requests()}:dead`)) === 2, 'two dead letters');
  });

  it('of nothing: the health tells that nothing waits', async () => {
    const app = await audit();
    await eventually(async () => (await world.redis.exists(requests())) === 1, 'the group');
    await eventually(async () => (await world.redis.exists(events())) === 1, 'the group');
    expect(await app.get(RedisTransportHealth).check()).toEqual({
      awaitingReplies: 0,
      streams: [
        { stream: requests(), inFlight: 0, length: 0, pending: 0, oldestWaitingMs: 0 },
        { stream: events(), inFlight: 0, length: 0, pending: 0, oldestWaitingMs: 0 },
      ],
    });
  });

  it('of speed: the health tells how far the service is behind', async () => {
    const client = await caller();
    const app = await audit({ limits: { maxInFlight: 1 } });
    const slow = () => firstValueFrom(client.send('audit.slow', { n: 1 }));
    const answers = [slow(), slow(), slow()];
    await begun;
    const state = async () => (await app.get(RedisTransportHealth).check()).streams[0];
    await eventually(async () => (await state())?.length === 3, 'three requests');
    expect(await state()).toMatchObject({
      inFlight: 1,
      pending: 1,
      oldestWaitingMs: expect.any(Number) as unknown,
    });
    await eventually(async () => ((await state())?.oldestWaitingMs ?? 0) > 0, 'some age');
    release();
    await Promise.all(answers);
  });
});
