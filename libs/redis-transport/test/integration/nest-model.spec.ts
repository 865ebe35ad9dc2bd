import { DomainError } from '@gatehouse/problem-details';
import { type RequestClient, RedisTransportServer } from '@gatehouse/redis-transport';
import {
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  type OnModuleDestroy,
  type PipeTransform,
  UseFilters,
  UseGuards,
  UseInterceptors,
} from '@nestjs/common';
import { MessagePattern, Payload } from '@nestjs/microservices';
import { firstValueFrom, map, type Observable, throwError } from 'rxjs';
import { RedisDoor } from '../../../../test/support/redis-door.js';
import { eventually, redisSettings, TransportWorld } from './transport-fixture.js';

interface AuditRequests {
  'audit.double': { payload: { n: number | string }; answer: { n: number; seen: string[] } };
}

class NotANumber extends Error {}

class Guard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const payload = context.switchToRpc().getData<{ n: unknown }>();
    return payload.n !== 'forbidden';
  }
}

class Interceptor implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((answer: { n: number }) => ({ ...answer, seen: ['interceptor'] })));
  }
}

class NumberPipe implements PipeTransform {
  transform({ n }: { n: unknown }) {
    if (Number.isNaN(Number(n))) throw new NotANumber();
    return { n: Number(n) };
  }
}

@Catch(NotANumber)
class Filter implements ExceptionFilter {
  catch(_error: NotANumber, host: ArgumentsHost): Observable<never> {
    const { n } = host.switchToRpc().getData<{ n: unknown }>();
    return throwError(() => new DomainError({ type: 'no-number', status: 400, title: `${String(n)}?` }));
  }
}

describe("Nest's programming model", () => {
  let world: TransportWorld;
  let ended: string[];

  @Controller()
  @UseGuards(Guard)
  @UseInterceptors(Interceptor)
  @UseFilters(Filter)
  class AuditController {
    @MessagePattern('audit.double')
    async double(@Payload(NumberPipe) { n }: { n: number }) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      ended.push('handler');
      return { n: 2 * n };
    }
  }

  @Injectable()
  class Store implements OnModuleDestroy {
    onModuleDestroy(): void {
      ended.push('module');
    }
  }

  const service = (redis = redisSettings) =>
    world.start({ service: 'audit', controllers: [AuditController], providers: [Store], redis });
  const client = async () => {
    const app = await world.start({ service: 'auth', asks: ['audit'] });
    return app.get<RequestClient<AuditRequests>>('audit');
  };
  const ask = (audit: RequestClient<AuditRequests>, n: number | string) =>
    firstValueFrom(audit.send('audit.double', { n })).catch((error: unknown) => error);

  beforeEach(() => {
    world = new TransportWorld();
    ended = [];
  });
  afterEach(() => world.end());

  it('holds: guards, pipes, interceptors and filters of a handler run, each in its place', async () => {
    await service();
    const audit = await client();
    expect(await ask(audit, '21')).toEqual({ n: 42, seen: ['interceptor'] });
    expect(await ask(audit, 'forbidden')).toMatchObject({ type: 'forbidden', status: 403 });
    expect(await ask(audit, 'x')).toMatchObject({ type: 'no-number', status: 400, title: 'x?' });
  });

  it('tells on `status` when the connection goes and comes', async () => {
    const door = new RedisDoor();
    await door.open();
    const app = await service(door.settings);
    const told: string[] = [];
    app.get(RedisTransportServer).status.subscribe((status) => told.push(status));
    await eventually(() => told.at(-1) === 'connected', 'the connection');
    await door.close();
    await eventually(() => told.at(-1) === 'disconnected', 'its end');
    await door.open();
    await eventually(() => told.at(-1) === 'connected', 'the connection again');
    expect(told).toEqual(['connected', 'disconnected', 'connected']);
    await door.close();
  });

  it('answers what is in hand before the application is gone', async () => {
    const app = await service();
    const audit = await client();
    const answer = ask(audit, 1);
    const requests = `${world.namespace}:{audit}:requests`;
    await eventually(async () => {
      const [pending] = (await world.redis.xpending(requests, 'audit').catch(() => [0])) as [number];
      return pending === 1;
    }, 'the request to be taken');
    await app.close();
    expect(await answer).toEqual({ n: 2, seen: ['interceptor'] });
    expect(ended).toContain('module');
  });
});
