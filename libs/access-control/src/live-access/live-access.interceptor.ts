import type { EventEmitter } from 'node:events';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { SSE_METADATA } from '@nestjs/common/constants.js';
import { Observable, takeUntil } from 'rxjs';
import { requirementOfContext } from '../guards/access.metadata.js';
import { accessOfContext } from '../guards/request.carrier.js';
import { offerAccessSignal } from './access-signal.decorator.js';
import { AccessWatch } from './access.watch.js';

/**
 * Ends server-sent events as soon as their reader has lost access. Other long answers take an `@AccessSignal()` and end
 * by themselves.
 */
@Injectable()
export class LiveAccessInterceptor implements NestInterceptor {
  constructor(private readonly watch: AccessWatch) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const access = accessOfContext(context);
    if (context.getType() !== 'http' || access === undefined) return next.handle();
    const begin = () => this.watch.watch(access, requirementOfContext(context), closedSignal(context));
    if (Reflect.hasMetadata(SSE_METADATA, context.getHandler())) {
      const signal = begin();
      offerAccessSignal(context, () => signal);
      return next.handle().pipe(takeUntil(aborted(signal)));
    }
    offerAccessSignal(context, begin);
    return next.handle();
  }
}

/** Aborted when the answer has ended, or its reader has gone. */
function closedSignal(context: ExecutionContext): AbortSignal {
  const response = context.switchToHttp().getResponse<EventEmitter & { raw?: EventEmitter }>();
  const closed = new AbortController();
  (response.raw ?? response).once('close', () => closed.abort());
  return closed.signal;
}

const aborted = (signal: AbortSignal): Observable<void> =>
  new Observable((observer) => {
    const end = () => observer.next();
    if (signal.aborted) return end();
    signal.addEventListener('abort', end, { once: true });
    return () => signal.removeEventListener('abort', end);
  });
