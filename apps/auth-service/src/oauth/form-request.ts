import { invalidRequest, OAuthError } from './oauth.errors.js';

/** What an OAuth client has sent. */
export interface FormRequest {
  /** Each there once and not empty (RFC 6749 §3.2). */
  parameters: ReadonlyMap<string, string>;
  /** The header. */
  authorization: string | undefined;
}

const FORM = /^application\/x-www-form-urlencoded\s*(;|$)/i;

/** @throws OAuthError when it is no form, or has a parameter twice */
export function readFormRequest(request: {
  contentType: string | undefined;
  authorization: string | undefined;
  body: unknown;
}): FormRequest {
  if (!FORM.test(request.contentType ?? ''))
    throw new OAuthError('invalid_request', 415, 'Send application/x-www-form-urlencoded');
  const parameters = new Map<string, string>();
  for (const [name, value] of Object.entries(request.body ?? {})) {
    if (typeof value !== 'string') throw invalidRequest('A parameter is there more than once');
    if (value !== '') parameters.set(name, value);
  }
  return { parameters, authorization: request.authorization };
}

/** @throws OAuthError when it is not there */
export function demandParameter({ parameters }: FormRequest, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw invalidRequest(`${name} is missing`);
  return value;
}
