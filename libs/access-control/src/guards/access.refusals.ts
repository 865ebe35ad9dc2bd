import { type ExecutionContext, Inject, Injectable, Optional } from '@nestjs/common';
import { DomainError } from '@gatehouse/problem-details';
import type { AccessControlOptions } from '../access-control-options.js';
import { ACCESS_CONTROL_OPTIONS, REFUSAL_RECORDER } from '../access-control.tokens.js';
import type { AccessRule, RefusalRecorder } from './refusal-recorder.js';
import { originOfContext, principalOfContext } from './request.carrier.js';
import { RevocationGate } from '../revocations/revocation.gate.js';

interface Response {
  header?(name: string, value: string): unknown;
}

/**
 * Told by the guards of what they refuse, and tells the recorder, if there is one, of each 401 and 403; in development the
 * answer says which rule it was.
 */
@Injectable()
export class AccessRefusals {
  private readonly explains: boolean;

  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) { explain }: AccessControlOptions,
    private readonly revocations: RevocationGate,
    @Optional() @Inject(REFUSAL_RECORDER) private readonly recorder?: RefusalRecorder,
  ) {
    this.explains = explain ?? false;
  }

  /** Lets the rule decide, and tells of a refusal. */
  async decide(
    context: ExecutionContext,
    rule: AccessRule,
    by: () => boolean | Promise<boolean>,
  ): Promise<boolean> {
    try {
      return await by();
    } catch (error) {
      if (error instanceof DomainError) {
        this.explain(context, `${rule}: ${reasonOf(error, context)}`);
        this.record(context, rule, error);
      }
      throw error;
    }
  }

  /** Says in development how old the revocations are that it was decided on. */
  tellAge(context: ExecutionContext): void {
    const age = this.revocations.ageMs();
    if (this.explains && age !== undefined && context.getType() === 'http')
      responseOf(context).header?.('x-auth-revocations-age', String(Math.round(age)));
  }

  private record(context: ExecutionContext, rule: AccessRule, { status, type, message }: DomainError): void {
    if (status !== 401 && status !== 403) return;
    const principal = principalOfContext(context);
    this.recorder?.record({ status, type, rule, detail: message, principal, ...originOfContext(context) });
  }

  private explain(context: ExecutionContext, decision: string): void {
    if (this.explains && context.getType() === 'http')
      responseOf(context).header?.('x-auth-decision', decision.replaceAll(/[^\x20-\x7e]/g, '?'));
  }
}

function reasonOf(error: DomainError, context: ExecutionContext): string {
  const reason = typeof error.cause === 'string' ? error.cause : error.message;
  const principal = principalOfContext(context);
  if (principal === undefined) return reason;
  return `${reason}; the caller is ${principal.type} ${principal.role ?? 'without a role'}`;
}

const responseOf = (context: ExecutionContext): Response => context.switchToHttp().getResponse<Response>();
