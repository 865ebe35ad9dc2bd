import { createParamDecorator, type ExecutionContext } from '@nestjs/common';

const SIGNAL = Symbol('access signal');

type Offering = { [SIGNAL]?: () => AbortSignal };

/**
 * An `AbortSignal` that is aborted when the caller loses access while the answer is under way: the token expired or was
 * revoked, a role lost a permission. For answers that take long, such as exports; server-sent events end by themselves.
 * Without a caller (`@Public()`, `@OptionalAuth()`) it is never aborted.
 */
export const AccessSignal = createParamDecorator(
  (_options: undefined, context: ExecutionContext): AbortSignal =>
    context.switchToHttp().getRequest<Offering>()[SIGNAL]?.() ?? new AbortController().signal,
);

/** Says where a handler of this request gets its signal from. */
export function offerAccessSignal(context: ExecutionContext, signal: () => AbortSignal): void {
  context.switchToHttp().getRequest<Offering>()[SIGNAL] = signal;
}
