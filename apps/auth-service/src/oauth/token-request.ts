import { OAuthError } from './oauth.errors.js';

export interface ClientCredentials {
  clientId: string;
  clientSecret: string;
}

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;
const BASIC = /^Basic ([A-Za-z0-9+/]+={0,2})$/i;

/**
 * The credentials of a token request with the grant `client_credentials` (RFC 6749 §4.4.2), by Basic or in the body, never
 * both (§2.3).
 *
 * @throws OAuthError
 */
export function readTokenRequest(request: {
  contentType: string | undefined;
  authorization: string | undefined;
  body: unknown;
}): ClientCredentials {
  if (!FORM.test(request.contentType ?? '')) throw invalid('Send application/x-www-form-urlencoded');
  const grantType = parameter(request.body, 'grant_type');
  if (grantType === undefined) throw invalid('grant_type is missing');
  if (grantType !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 400, 'Only client_credentials is supported');
  }
  const inBody = {
    id: parameter(request.body, 'client_id'),
    secret: parameter(request.body, 'client_secret'),
  };
  if (request.authorization === undefined) return inBodyCredentials(inBody);
  if (inBody.secret !== undefined) throw invalid('Send the client secret once, by Basic or in the body');
  const credentials = readBasic(request.authorization);
  if (inBody.id !== undefined && inBody.id !== credentials.clientId)
    throw invalid('client_id names another client');
  return credentials;
}

function inBodyCredentials({ id, secret }: { id?: string; secret?: string }): ClientCredentials {
  if (id === undefined || secret === undefined) {
    throw new OAuthError('invalid_client', 401, 'Authenticate by Basic, or by client_id and client_secret');
  }
  return { clientId: id, clientSecret: secret };
}

/** RFC 6749 §2.3.1: both parts are form-encoded before they are joined. */
function readBasic(authorization: string): ClientCredentials {
  const encoded = BASIC.exec(authorization)?.[1];
  const joined = Buffer.from(encoded ?? '', 'base64').toString('utf8');
  const colon = joined.indexOf(':');
  if (colon < 1) throw new OAuthError('invalid_client', 401, 'The Authorization header is not Basic');
  try {
    return {
      clientId: formDecode(joined.slice(0, colon)),
      clientSecret: formDecode(joined.slice(colon + 1)),
    };
  } catch {
    throw new OAuthError('invalid_client', 401, 'The Authorization header is not form-encoded');
  }
}

const formDecode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '));

/** A parameter that is there once; RFC 6749 §3.2 allows none twice. */
function parameter(body: unknown, name: string): string | undefined {
  const value: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  if (Array.isArray(value)) throw invalid(`${name} is there more than once`);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

const invalid = (description: string): OAuthError => new OAuthError('invalid_request', 400, description);
