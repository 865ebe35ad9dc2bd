import { grants } from '@gatehouse/auth-contracts';
import { demandParameter, type FormRequest } from './form-request.js';
import { OAuthError } from './oauth.errors.js';

/** One or more scope tokens (RFC 6749 §3.3), each followed by one space but the last. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+( [\x21\x23-\x5b\x5d-\x7e]+)*$/;

/** A request for a token by client credentials (RFC 6749 §4.4.2). */
export interface TokenRequest {
  /** The permissions that are asked for; all that the client has where there are none. */
  scope?: readonly string[];
}

/** @throws OAuthError */
export function readTokenRequest(request: FormRequest): TokenRequest {
  if (demandParameter(request, 'grant_type') !== 'client_credentials')
    throw new OAuthError('unsupported_grant_type', 400, 'Only client_credentials is supported');
  const scope = request.parameters.get('scope');
  if (scope === undefined) return {};
  if (!SCOPE.test(scope)) throw new OAuthError('invalid_scope', 400, 'The scope is malformed');
  return { scope: [...new Set(scope.split(' '))] };
}

/**
 * The permissions of the token: what was asked for, as far as all of it is covered by what the client has.
 *
 * @throws OAuthError `invalid_scope`
 */
export function narrow(granted: readonly string[], asked: readonly string[] | undefined): readonly string[] {
  const beyond = asked?.filter((permission) => !grants(granted, permission)) ?? [];
  if (beyond.length > 0) throw new OAuthError('invalid_scope', 400, 'The client has less than it asks for');
  return asked ?? granted;
}
