import { applyDecorators, SetMetadata, UseInterceptors } from '@nestjs/common';
import type { AuditedHandler, AuditedOptions } from './audited-call.js';
import { AUDITED } from './audited.metadata.js';
import { AuditedInterceptor } from './audited.interceptor.js';

/**
 * Tells the audit trail of each call of a handler, of a route or a message, with its outcome, before the answer is sent:
 * `success`; `denied` for a 401 or 403 of the handler; `failure` for any other error, with its slug as the reason. The
 * answer is 503 when it could not be told; the handler has done its work then.
 *
 * What changes a database says it better by `SecurityAudit.enlist`, in the same transaction. What the guards refuse goes
 * to the trail by itself.
 *
 * ```ts
 * @Delete(':id')
 * @RequirePermission('projects:write')
 * @Audited('projects.delete', { target: 'project' })
 * ```
 *
 * @param action dotted words, from the general to the particular
 */
export function Audited(action: string, options: AuditedOptions = {}): MethodDecorator {
  const handler: AuditedHandler = { ...options, action };
  return applyDecorators(SetMetadata(AUDITED, handler), UseInterceptors(AuditedInterceptor));
}
