import type { AuditCategory, AuditTarget } from '@gatehouse/audit-contracts';
import type { Principal } from '@gatehouse/auth-contracts';

/** A call of an audited handler, when it has ended. */
export interface AuditedCall {
  /** Of the route; of a message its payload. */
  readonly params: Readonly<Record<string, unknown>>;
  /** The body of the request, or the payload of the message, as it came. */
  readonly body: unknown;
  /** What the handler answered; undefined when it failed. */
  readonly answer: unknown;
  /** Who called; undefined when nobody was identified. */
  readonly principal: Principal | undefined;
}

export interface AuditedOptions {
  /** `admin` where not given. */
  readonly category?: AuditCategory;
  /**
   * What it was done to: a type, whose id is the parameter `id`, or a function of the call:
   * `({ answer }) => ({ type: 'project', id: (answer as Project).id })`.
   */
  readonly target?: string | ((call: AuditedCall) => AuditTarget | undefined);
}

/** What an audited handler says of itself. */
export interface AuditedHandler extends AuditedOptions {
  /** Dotted words: `projects.delete`. */
  readonly action: string;
}

/** The target of a call; undefined when it has none, as a creation that failed. */
export function targetOf({ target }: AuditedOptions, call: AuditedCall): AuditTarget | undefined {
  if (typeof target === 'function') return target(call);
  const id = call.params['id'];
  return target === undefined || typeof id !== 'string' || id === '' ? undefined : { type: target, id };
}
