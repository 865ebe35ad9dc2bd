import { originOfContext, principalOfContext } from '@gatehouse/access-control';
import { toProblem } from '@gatehouse/problem-details';
import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { lastValueFrom, type Observable, of } from 'rxjs';
import { actorOf } from '../actor-of.js';
import type { AuditEntry } from '../audit-entry.js';
import { SecurityAudit } from '../security.audit.js';
import { type AuditedCall, type AuditedHandler, targetOf } from './audited-call.js';
import { AUDITED } from './audited.metadata.js';

/** Tells of each call of a handler that is `@Audited`. */
@Injectable()
export class AuditedInterceptor implements NestInterceptor {
  constructor(
    private readonly audit: SecurityAudit,
    private readonly reflector: Reflector,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const handler = this.reflector.get<AuditedHandler>(AUDITED, context.getHandler());
    const [answered] = await Promise.allSettled([lastValueFrom(next.handle(), { defaultValue: undefined })]);
    if (answered.status === 'rejected') {
      await this.tell(context, handler, outcomeOf(answered.reason), undefined);
      throw answered.reason;
    }
    await this.tell(context, handler, { outcome: 'success' }, answered.value);
    return of(answered.value);
  }

  private async tell(
    context: ExecutionContext,
    handler: AuditedHandler,
    outcome: Pick<AuditEntry, 'outcome' | 'reason'>,
    answer: unknown,
  ): Promise<void> {
    const principal = principalOfContext(context);
    const { ip, userAgent, requestId, target: handled } = originOfContext(context);
    const target = targetOf(handler, { ...sentWith(context), answer, principal });
    await this.audit.logEvent(handler.category ?? 'admin', {
      ...{ action: handler.action, ...outcome, actor: actorOf(principal) },
      ...(target === undefined ? {} : { target }),
      context: { ip, userAgent, requestId, sessionId: principal?.sessionId },
      details: { handled: handled.id },
    });
  }
}

function outcomeOf(error: unknown): Pick<AuditEntry, 'outcome' | 'reason'> {
  const { status, type } = toProblem(error);
  return { outcome: status === 401 || status === 403 ? 'denied' : 'failure', reason: type };
}

function sentWith(context: ExecutionContext): Pick<AuditedCall, 'params' | 'body'> {
  if (context.getType() === 'http') {
    const { params, body } = context.switchToHttp().getRequest<{ params?: object; body?: unknown }>();
    return { params: { ...params }, body };
  }
  const payload: unknown = context.switchToRpc().getData();
  return { params: typeof payload === 'object' ? { ...payload } : {}, body: payload };
}
