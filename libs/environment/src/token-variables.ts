import { z } from 'zod';
import { EnvironmentError } from './environment.errors.js';
import { secret } from './variable-types.js';

/** How access tokens are signed: the same for auth-service and for every service that verifies them. */
export const tokenVariables = {
  /** ES256 and RS256: with keys that auth-service makes and publishes; HS256: with `JWT_SECRET_KEY`. */
  JWT_ALGORITHM: z.enum(['ES256', 'RS256', 'HS256']).default('ES256'),
  JWT_SECRET_KEY: secret().optional(),
};

/**
 * The secret that tokens are signed and verified with.
 *
 * @returns undefined unless `JWT_ALGORITHM` is `HS256`: a secret that is set all the same verifies nothing
 * @throws EnvironmentError when it is missing then
 */
export function sharedSecret(variables: {
  JWT_ALGORITHM: string;
  JWT_SECRET_KEY?: string;
}): string | undefined {
  if (variables.JWT_ALGORITHM !== 'HS256') return undefined;
  if (variables.JWT_SECRET_KEY !== undefined) return variables.JWT_SECRET_KEY;
  throw new EnvironmentError([
    'JWT_SECRET_KEY: is required with JWT_ALGORITHM=HS256: set a random value, for example from `openssl rand -base64 48`',
  ]);
}
