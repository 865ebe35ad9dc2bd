import { Injectable } from '@nestjs/common';
import { grants } from '@gatehouse/auth-contracts';
import {
  type AuthenticatedService,
  ServiceAccountAuthenticator,
} from '../service-accounts/service-account.authenticator.js';
import { readClientCredentials } from './client-credentials.js';
import type { FormRequest } from './form-request.js';
import { invalidClient, OAuthError } from './oauth.errors.js';

export type { AuthenticatedService } from '../service-accounts/service-account.authenticator.js';

/** Demands that an OAuth request comes from a client that we know: a service account. */
@Injectable()
export class ClientAuthenticator {
  constructor(private readonly services: ServiceAccountAuthenticator) {}

  /** @throws OAuthError */
  async authenticate(request: FormRequest): Promise<AuthenticatedService> {
    const { clientId, clientSecret } = readClientCredentials(request);
    const service = await this.services.authenticate(clientId, clientSecret);
    if (service === undefined) throw invalidClient('Unknown client or wrong secret');
    return service;
  }
}

/** @throws OAuthError 403 `unauthorized_client` */
export function demandPermission({ permissions }: AuthenticatedService, needed: string): void {
  if (!grants(permissions, needed))
    throw new OAuthError('unauthorized_client', 403, `The client lacks the permission ${needed}`);
}
