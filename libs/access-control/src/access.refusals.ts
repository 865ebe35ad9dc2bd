import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { DomainError } from '@gatehouse/problem-details';
import type { AccessControlOptions } from './access-control-options.js';
import { ACCESS_CONTROL_OPTIONS } from './access-control.tokens.js';
import { principalOfContext } from './request.carrier.js';
import { RevocationGate } from './revocations/revocation.gate.js';

/** The guards, as they are named where one of them has refused. */
export type AccessRule = 'authentication' | 'role' | 'permission';

interface Response {
  header?(name: string, value: string): unknown;
}

/** Told by the guards of what they refuse; in development the answer says which rule it was. */
@Injectable()
export class AccessRefusals {
  private readonly explains: boolean;

  constructor(
    @Inject(ACCESS_CONTROL_OPTIONS) { explain }: AccessControlOptions,
    private readonly revocations: RevocationGate,
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
      if (error instanceof DomainError) this.explain(context, `${rule}: ${reasonOf(error, context)}`);
      throw error;
    }
  }

  /** Says in development how old the revocations are that it was decided on. */
  tellAge(context: ExecutionContext): void {
    const age = this.revocations.ageMs();
    if (this.explains && age !== undefined && context.getType() === 'http')
      responseOf(context).header?.('x-auth-revocations-age', String(Math.round(age)));
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
