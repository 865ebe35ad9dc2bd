import {
  EventPublisher,
  Idempotent,
  type RequestClient,
  RedisTransportContext,
  type SendOptions,
} from '@gatehouse/redis-transport';
import { type CanActivate, Controller, type ExecutionContext, type Type } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom, lastValueFrom, of, throwError, toArray } from 'rxjs';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { eventually, redisSettings, TransportWorld } from './transport-fixture.js';

interface AuditRequests {
  'audit.note': { payload: { n: number }; answer: { n: number; run: number } };
  'audit.many': { payload: { n: number }; answer: number };
  'audit.fragile': { payload: { n: number }; answer: { run: number } };
  'audit.large': { payload: { n: number }; answer: string };
}

interface ProviderEvents {
  'providers.status-changed': { n: number };
}

class TokenGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const token = context.switchToRpc().getContext<RedisTransportContext>().getHeader('authorization');
    return token !== 'Bearer stranger';
  }
}

describe('a handler that is @Idempotent()', () => {
  let world: TransportWorld;
  let runs: number;
  let hold: Promise<void> | undefined;
  let audit: RequestClient<AuditRequests>;
  const records = () => world.redis.keys(`${world.namespace}:{audit}:requests:once:*`);

  function auditController(): Type {
    @Controller()
    class AuditController {
      @Idempotent()
      @MessagePattern('audit.note')
      async note(@Payload() { n }: { n: number }) {
        const run = ++runs;
        await hold;
        return { n, run };
      }

      @Idempotent()
      @MessagePattern('audit.many')
      many(@Payload() { n }: { n: number }) {
        runs++;
        return of(...Array.from({ length: n }, (_, index) => index));
      }

      @Idempotent()
      @MessagePattern('audit.fragile')
      fragile() {
        const run = ++runs;
        return run === 1 ? throwError(() => new Error('odd')) : of({ run });
      }

      @Idempotent()
      @MessagePattern('audit.large')
      large(@Payload() { n }: { n: number }) {
        runs++;
        return of(...Array.from({ length: n }, () => 'x'.repeat(400_000)));
      }

      @Idempotent()
      @EventPattern<string>('providers.status-changed')
      changed() {
        runs++;
      }
    }
    return AuditController;
  }
  const service = (limits = {}) =>
    world.start({
      service: 'audit',
      controllers: [auditController()],
      providers: [{ provide: APP_GUARD, useClass: TokenGuard }],
      limits,
    });
  const caller = async (redis = redisSettings) => {
    const app = await world.start({ service: 'auth', asks: ['audit'], idempotent: ['audit.note'], redis });
    return app.get<RequestClient<AuditRequests>>('audit');
  };
  const note = (id: string, n: number, options: SendOptions = {}) =>
    firstValueFrom(audit.send('audit.note', { n }, { id, ...options })).catch((error: unknown) => error);

  beforeEach(async () => {
    world = new TransportWorld();
    runs = 0;
    hold = undefined;
    audit = await caller();
  });
  afterEach(() => world.end());

  it('runs once for a message that comes again, and answers the same', async () => {
    await service();
    await service();
    expect(await note('one', 1)).toEqual({ n: 1, run: 1 });
    expect(await note('one', 1)).toEqual({ n: 1, run: 1 });
    expect(await note('two', 1)).toEqual({ n: 1, run: 2 });
    expect(runs).toBe(2);
  });

  it('runs once for copies that come at the same time, on whichever replica', async () => {
    await service();
    await service();
    let release: () => void = () => undefined;
    hold = new Promise((resolve) => (release = resolve));
    const answers = Array.from({ length: 20 }, () => note('one', 1));
    await eventually(() => runs === 1, 'the first run');
    await new Promise((resolve) => setTimeout(resolve, 300));
    release();
    expect(await Promise.all(answers)).toEqual(answers.map(() => ({ n: 1, run: 1 })));
  });

  it('goes on though copies take every place, when the first one died', async () => {
    await world.redis.xgroup('CREATE', `${world.namespace}:{audit}:requests`, 'audit', '0', 'MKSTREAM');
    const first = note('one', 1);
    const stream = `${world.namespace}:{audit}:requests`;
    await eventually(async () => (await world.redis.xlen(stream)) === 1, 'the request');
    await world.redis.xreadgroup('GROUP', 'audit', 'dead', 'COUNT', 1, 'STREAMS', stream, '>');
    const entry = (await world.redis.xrange(stream, '-', '+'))[0]?.[0] ?? '';
    const { requestFingerprint } = await import('../../src/idempotency/message-fingerprint.js');
    const fingerprint = requestFingerprint({ pattern: 'audit.note', headers: {}, data: { n: 1 } });
    await world.redis.hset(`${stream}:once:audit:one`, { entry, fingerprint });
    const copies = Array.from({ length: 5 }, () => note('one', 1));
    await service({ maxInFlight: 2 });
    expect(await Promise.all([first, ...copies])).toEqual([first, ...copies].map(() => ({ n: 1, run: 1 })));
  });

  it('answers several values again, and none', async () => {
    await service();
    const many = (id: string, n: number) =>
      lastValueFrom(audit.send('audit.many', { n }, { id }).pipe(toArray()));
    expect(await many('three', 3)).toEqual([0, 1, 2]);
    expect(await many('three', 3)).toEqual([0, 1, 2]);
    expect(await many('none', 0)).toEqual([]);
    expect(await many('none', 0)).toEqual([]);
    expect(runs).toBe(2);
  });

  it('runs again after an error', async () => {
    await service();
    const fragile = () => firstValueFrom(audit.send('audit.fragile', { n: 1 }, { id: 'one' }));
    await expect(fragile()).rejects.toMatchObject({ type: 'internal-error' });
    expect(await fragile()).toEqual({ run: 2 });
    expect(await fragile()).toEqual({ run: 2 });
  });

  it('refuses an answer that is too large to be kept', async () => {
    await service();
    const large = lastValueFrom(audit.send('audit.large', { n: 3 }, { id: 'one' }));
    await expect(large).rejects.toMatchObject({ type: 'reply-too-large' });
  });

  it('refuses the id of another message, and keeps answers for who asked', async () => {
    await service();
    expect(await note('one', 1, { token: 'a' })).toEqual({ n: 1, run: 1 });
    const conflict = { type: 'idempotency-conflict', status: 409 };
    expect(await note('one', 2, { token: 'a' })).toMatchObject(conflict);
    expect(await note('one', 1, { token: 'b' })).toMatchObject(conflict);
    expect(await note('one', 1, { token: 'stranger' })).toMatchObject({ type: 'forbidden' });
    expect(runs).toBe(1);
  });

  it('forgets the answer after its window', async () => {
    await service({ idempotencyWindowMs: 300 });
    await note('one', 1);
    expect(await records()).toHaveLength(1);
    await eventually(async () => (await records()).length === 0, 'the end of the window');
    expect(await note('one', 1)).toEqual({ n: 1, run: 2 });
  });

  it('runs once for an event that is emitted again', async () => {
    await service();
    const app = await world.start({ service: 'provider-health' });
    const events = app.get<EventPublisher<ProviderEvents>>(EventPublisher);
    await events.emit('providers.status-changed', { n: 1 }, { id: 'one' });
    await events.emit('providers.status-changed', { n: 1 }, { id: 'one' });
    await events.emit('providers.status-changed', { n: 2 }, { id: 'two' });
    const stream = `${world.namespace}:{providers}:events`;
    await eventually(async () => (await world.redis.xlen(stream)) === 0, 'an empty stream');
    expect(runs).toBe(2);
  });

  it('is asked again by the client when the connection breaks', async () => {
    const way = await new RedisDoor().open();
    audit = await caller(way.settings);
    await service();
    let release: () => void = () => undefined;
    hold = new Promise((resolve) => (release = resolve));
    const answer = note('one', 1);
    await eventually(() => runs === 1, 'the first run');
    await way.close();
    release();
    await eventually(async () => (await records()).length === 1);
    await way.open();
    expect(await answer).toEqual({ n: 1, run: 1 });
    await way.close();
  });

  it('is asked until the deadline, and no longer', async () => {
    const way = await new RedisDoor().open();
    audit = await caller(way.settings);
    await way.close();
    expect(await note('one', 1, { timeoutMs: 500 })).toMatchObject({ type: 'deadline-exceeded' });
    expect(await note('one', 1, { idempotent: false })).toMatchObject({ type: 'dependency-unavailable' });
  });
});
