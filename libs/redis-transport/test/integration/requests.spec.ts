import { DomainError } from '@gatehouse/problem-details';
import {
  type RequestClient,
  RedisTransportContext,
  type SendOptions,
  withTraceparent,
} from '@gatehouse/redis-transport';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  ForbiddenException,
  type INestApplication,
  Injectable,
} from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { Ctx, MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom, lastValueFrom, of, toArray } from 'rxjs';
import { eventually, TransportWorld } from './transport-fixture.js';

interface AuditRequests {
  'audit.double': { payload: { n: number }; answer: { n: number; by: string } };
  'audit.headers': { payload: Record<string, never>; answer: Record<string, string> };
  'audit.relay': { payload: Record<string, never>; answer: Record<string, string> };
  'audit.fail': { payload: { how: string }; answer: never };
  'audit.many': { payload: { n: number }; answer: number };
  'audit.nothing': { payload: Record<string, never>; answer: null };
  'audit.huge': { payload: { bytes: number }; answer: string };
  'audit.slow': { payload: { ms: number }; answer: string };
  'audit.nowhere': { payload: Record<string, never>; answer: never };
}

const handled: string[] = [];
let audit: RequestClient<AuditRequests>;

function auditController(by: string) {
  @Controller()
  class AuditController {
    @MessagePattern('audit.double')
    double(@Payload() { n }: { n: number }, @Ctx() context: RedisTransportContext) {
      handled.push(context.getMessageId());
      return { n: 2 * n, by };
    }

    @MessagePattern('audit.headers')
    headers(@Ctx() context: RedisTransportContext) {
      return context.getHeaders();
    }

    @MessagePattern('audit.relay')
    relay() {
      return audit.send('audit.headers', {});
    }

    @MessagePattern('audit.fail')
    fail(@Payload() { how }: { how: string }): never {
      if (how === 'domain') {
        throw new DomainError({ type: 'email-taken', status: 409, title: 'Taken', detail: 'a@b.c' });
      }
      if (how === 'http') throw new ForbiddenException();
      throw new Error('SELECT secret FROM account');
    }

    @MessagePattern('audit.many')
    many(@Payload() { n }: { n: number }) {
      return of(...Array.from({ length: n }, (_, index) => index));
    }

    @MessagePattern('audit.nothing')
    nothing() {
      return undefined;
    }

    @MessagePattern('audit.huge')
    huge(@Payload() { bytes }: { bytes: number }) {
      return 'x'.repeat(bytes);
    }

    @MessagePattern('audit.slow')
    async slow(@Payload() { ms }: { ms: number }) {
      await new Promise((resolve) => setTimeout(resolve, ms));
      handled.push(`slow ${ms}`);
      return by;
    }
  }
  return AuditController;
}

const guardCalls: (string | undefined)[] = [];

@Injectable()
class RecordingGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const token = context.switchToRpc().getContext<RedisTransportContext>().getHeader('Authorization');
    guardCalls.push(token);
    return token !== 'Bearer stranger';
  }
}

describe('requests', () => {
  const world = new TransportWorld();
  let caller: INestApplication;

  const ask = <P extends keyof AuditRequests>(
    pattern: P,
    payload: AuditRequests[P]['payload'],
    options?: SendOptions,
  ) => firstValueFrom(audit.send(pattern, payload, options));
  const problemOf = (answer: Promise<unknown>) => answer.catch((error: unknown) => error);

  beforeAll(async () => {
    const guard = { provide: APP_GUARD, useClass: RecordingGuard };
    await world.start({ service: 'audit', controllers: [auditController('one')], providers: [guard] });
    await world.start({ service: 'audit', controllers: [auditController('two')], providers: [guard] });
    caller = await world.start({ service: 'auth', asks: ['audit'], identity: async () => 'service-token' });
    audit = caller.get('audit');
  });
  afterAll(() => world.end());
  beforeEach(() => {
    handled.length = 0;
    guardCalls.length = 0;
  });

  it('are handled once each, by one replica or the other', async () => {
    const seen = new Set<string>();
    await eventually(
      async () => seen.add((await ask('audit.double', { n: 0 })).by).size === 2,
      'both replicas',
    );
    handled.length = 0;
    const answers = await Promise.all(Array.from({ length: 500 }, (_, n) => ask('audit.double', { n })));
    expect(answers.map(({ n }) => n)).toEqual(Array.from({ length: 500 }, (_, n) => 2 * n));
    expect(new Set(answers.map(({ by }) => by))).toEqual(new Set(['one', 'two']));
    expect(handled).toHaveLength(500);
    expect(new Set(handled).size).toBe(500);
    await eventually(async () => (await world.redis.xlen(`${world.namespace}:{audit}:requests`)) === 0);
  });

  it('carry who sends them, for whom, until when, and where to answer', async () => {
    const headers = await ask('audit.headers', {}, { timeoutMs: 2_000, traceparent: '00-1-2-01', id: 'm1' });
    expect(headers).toMatchObject({
      'message-id': 'm1',
      sender: 'auth',
      authorization: 'Bearer service-token',
      traceparent: '00-1-2-01',
      'delivery-count': '1',
    });
    expect(headers['reply-to']).toMatch(`${world.namespace}:db`);
    const [timeout, deadline] = [Number(headers['timeout']), Number(headers['deadline'])];
    expect(timeout).toBeGreaterThan(0);
    expect(timeout).toBeLessThanOrEqual(2_000);
    // It was told the time of Redis with the first.
    const again = await ask('audit.headers', {}, { timeoutMs: 2_000 });
    expect(Number(again['expires'])).toBeGreaterThan(Date.now());
    // For consumers of before.
    expect(deadline).toBeGreaterThan(Date.now());
  });

  it('carry the trace on whose behalf they are sent, from handler to handler', async () => {
    const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
    const answers = await Promise.all(
      [traceparent, 'no trace', undefined].map((value) =>
        withTraceparent(value, () => ask('audit.relay', {})),
      ),
    );
    expect(answers.map(({ traceparent: carried }) => carried)).toEqual([traceparent, undefined, undefined]);
  });

  it("carry the caller's own token instead, when it is given", async () => {
    expect(await ask('audit.headers', {}, { token: 'user-token' })).toMatchObject({
      authorization: 'Bearer user-token',
    });
  });

  it('pass the guards of the application once, which see the headers', async () => {
    await ask('audit.double', { n: 1 });
    expect(guardCalls).toEqual(['Bearer service-token']);
  });

  it('are refused when a guard says no', async () => {
    expect(await problemOf(ask('audit.double', { n: 1 }, { token: 'stranger' }))).toMatchObject({
      type: 'forbidden',
      status: 403,
    });
    expect(handled).toEqual([]);
  });

  it('end in the domain error that the handler threw', async () => {
    expect(await problemOf(ask('audit.fail', { how: 'domain' }))).toMatchObject({
      type: 'email-taken',
      status: 409,
      detail: 'a@b.c',
    });
    expect(await problemOf(ask('audit.fail', { how: 'domain' }))).toBeInstanceOf(DomainError);
  });

  it('end in the problem of any other error, of which nothing is told', async () => {
    expect(await problemOf(ask('audit.fail', { how: 'http' }))).toMatchObject({
      type: 'forbidden',
      status: 403,
    });
    const error = await problemOf(ask('audit.fail', { how: 'error' }));
    expect(error).toMatchObject({ type: 'internal-error', status: 500 });
    expect(String(error)).not.toContain('SELECT');
  });

  it('end in a problem at once when the service does not know them', async () => {
    expect(await problemOf(ask('audit.nowhere', {}))).toMatchObject({ type: 'unknown-pattern', status: 501 });
  });

  it('end in a problem when the answer is too large', async () => {
    expect(await ask('audit.huge', { bytes: 1_000_000 })).toHaveLength(1_000_000);
    expect(await problemOf(ask('audit.huge', { bytes: 1_048_576 }))).toMatchObject({
      type: 'reply-too-large',
    });
  });

  it('are refused when they are too large', async () => {
    const error = await problemOf(ask('audit.headers', { x: 'x'.repeat(1_048_576) } as never));
    expect(error).toMatchObject({ type: 'payload-too-large', status: 413 });
  });

  it('end when their time is over, whatever the handler does', async () => {
    expect(await problemOf(ask('audit.slow', { ms: 300 }, { timeoutMs: 50 }))).toMatchObject({
      type: 'deadline-exceeded',
      status: 504,
    });
  });

  it('stay with a handler that works longer than the claim time', async () => {
    expect(await ask('audit.slow', { ms: 1_500 })).toMatch(/one|two/);
    await new Promise((resolve) => setTimeout(resolve, 600));
    expect(handled.filter((entry) => entry === 'slow 1500')).toHaveLength(1);
  });

  it('may be answered by many values, one, or none', async () => {
    expect(await lastValueFrom(audit.send('audit.many', { n: 3 }).pipe(toArray()))).toEqual([0, 1, 2]);
    expect(await lastValueFrom(audit.send('audit.many', { n: 0 }).pipe(toArray()))).toEqual([]);
    expect(await ask('audit.nothing', {})).toBeNull();
  });

  it('do not compile with a wrong payload, a wrong answer or a pattern that is not in the contract', () => {
    const never = () => {
      // @ts-expect-error the payload has no `m`
      void audit.send('audit.double', { m: 1 });
      // @ts-expect-error `n` is a number
      void audit.send('audit.double', { n: '1' });
      // @ts-expect-error no such pattern
      void audit.send('audit.tripple', { n: 1 });
      // @ts-expect-error the answer has no `text`
      const answer: Promise<{ text: string }> = firstValueFrom(audit.send('audit.double', { n: 1 }));
      void answer;
    };
    expect(never).toBeInstanceOf(Function);
  });
});
