import { Injectable } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import { grants } from '@gatehouse/auth-contracts';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import { clientNetwork } from '../rate-limits/client-network.js';
import { NoticeLimiter } from '../rate-limits/notice.limiter.js';
import {
  type AuthenticatedService,
  type ClientRefusal,
  ServiceAccountAuthenticator,
} from '../service-accounts/service-account.authenticator.js';
import { readClientCredentials } from './client-credentials.js';
import type { FormRequest } from './form-request.js';
import { invalidClient, OAuthError } from './oauth.errors.js';

export type { AuthenticatedService } from '../service-accounts/service-account.authenticator.js';

/** Demands that an OAuth request comes from a client that we know: a service account. */
@Injectable()
export class ClientAuthenticator {
  constructor(
    private readonly services: ServiceAccountAuthenticator,
    private readonly notices: NoticeLimiter,
    private readonly audit: SecurityAudit,
  ) {}

  /** @throws OAuthError, the same for an unknown client and a wrong secret */
  async authenticate(form: FormRequest, request: RequestContext): Promise<AuthenticatedService> {
    const { clientId, clientSecret } = readClientCredentials(form);
    const found = await this.services.authenticate(clientId, clientSecret);
    if (typeof found !== 'string') return found;
    await this.note(found, clientId, request);
    throw invalidClient('Unknown client or wrong secret');
  }

  /** Once a minute for each client, or for those that there are not, and for each address. */
  private async note(reason: ClientRefusal, clientId: string, request: RequestContext): Promise<void> {
    const id = reason === 'wrong-secret' ? clientId : undefined;
    if (!(await this.notices.isNews(`client:${id ?? ''}:${clientNetwork(request.ip)}`))) return;
    await this.audit.logAuthEvent({
      ...{ action: 'auth.client-refused', outcome: 'denied', reason },
      actor: { type: 'anonymous' },
      target: id === undefined ? undefined : { type: 'service-account', id },
      context: request,
    });
  }
}

/** @throws OAuthError 403 `unauthorized_client` */
export function demandPermission({ permissions }: AuthenticatedService, needed: string): void {
  if (!grants(permissions, needed))
    throw new OAuthError('unauthorized_client', 403, `The client lacks the permission ${needed}`);
}
