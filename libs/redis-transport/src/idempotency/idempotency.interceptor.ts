import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { from, type Observable, tap } from 'rxjs';
import { RedisTransportContext } from '../redis-transport.context.js';

/** Answers a message that was done already with what it answered then. Runs after the guards. */
@Injectable()
export class IdempotencyInterceptor implements NestInterceptor {
  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const message = onceOf(context);
    if (message === undefined) return next.handle();
    const known = await message.begin();
    if (known !== undefined) return from(known);
    const values: unknown[] = [];
    return next
      .handle()
      .pipe(
        tap({ next: (value: unknown) => values.push(value ?? null), complete: () => message.keep(values) }),
      );
  }
}

/** Undefined for HTTP and for other transports. */
function onceOf(context: ExecutionContext) {
  if (context.getType() !== 'rpc') return undefined;
  const carrier: unknown = context.switchToRpc().getContext();
  return carrier instanceof RedisTransportContext ? carrier.once : undefined;
}
