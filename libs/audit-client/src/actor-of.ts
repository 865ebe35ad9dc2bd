import type { AuditActor } from '@gatehouse/audit-contracts';
import type { Principal } from '@gatehouse/auth-contracts';

/** Who did it, as an event names them; `anonymous` when nobody was identified. */
export function actorOf(principal: Principal | undefined): AuditActor {
  return principal === undefined ? { type: 'anonymous' } : { type: principal.type, id: principal.id };
}
