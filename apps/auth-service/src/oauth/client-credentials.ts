import type { FormRequest } from './form-request.js';
import { invalidClient, invalidRequest } from './oauth.errors.js';

export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

const BASIC = /^Basic ([A-Za-z0-9+/]+={0,2})$/i;

/**
 * What a client authenticates itself with, by Basic or in the body, never both (RFC 6749 §2.3).
 *
 * @throws OAuthError
 */
export function readClientCredentials({ parameters, authorization }: FormRequest): ClientCredentials {
  const clientId = parameters.get('client_id');
  const clientSecret = parameters.get('client_secret');
  if (authorization === undefined) {
    if (clientId === undefined || clientSecret === undefined)
      throw invalidClient('Authenticate by Basic, or by client_id and client_secret');
    return { clientId, clientSecret };
  }
  if (clientSecret !== undefined)
    throw invalidRequest('Send the client secret once, by Basic or in the body');
  const credentials = readBasic(authorization);
  if (clientId !== undefined && clientId !== credentials.clientId)
    throw invalidRequest('client_id names another client');
  return credentials;
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function readBasic(authorization: string): ClientCredentials {
  const encoded = BASIC.exec(authorization)?.[1];
  const joined = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = joined.indexOf(':');
  if (colon < 1) throw invalidClient('The Authorization header is not Basic');
  try {
    return {
      clientId: formDecode(joined.slice(0, colon)),
      clientSecret: formDecode(joined.slice(colon + 1)),
    };
  } catch {
    throw invalidClient('The Authorization header is not form-encoded');
  }
}

const formDecode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));
