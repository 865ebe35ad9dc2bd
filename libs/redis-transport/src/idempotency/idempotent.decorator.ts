import { applyDecorators, UseInterceptors } from '@nestjs/common';
import { IdempotencyInterceptor } from './idempotency.interceptor.js';

/**
 * A message that comes again with the same message id, because it was sent again, is answered as the first time
 * (for `idempotencyWindowMs`) and not handled again; while the first is at work, the second waits. Guards run each
 * time. Only an answer is kept: after an error the message may be tried again.
 *
 * A consumer that dies between the end of the handler and its acknowledgement leaves the message to another, which
 * handles it again: what the handler writes elsewhere must go by `context.getMessageId()`, in one transaction with
 * the change itself.
 *
 * The same id with another pattern, payload or caller is refused as 409 `idempotency-conflict`.
 */
export function Idempotent(): MethodDecorator & ClassDecorator {
  return applyDecorators(UseInterceptors(IdempotencyInterceptor));
}
