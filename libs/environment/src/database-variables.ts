import { z } from 'zod';
import { EnvironmentError } from './environment.errors.js';

const postgresUrl = () => z.url({ protocol: /^postgres(ql)?$/, error: 'must be a postgres:// URL' });

/**
 * The variables that say where a service's own database is.
 *
 * @param override the service's own variable, e.g. `AUTH_DATABASE_URL`, whose URL is taken as it is
 */
export const databaseVariables = <Override extends string>(override: Override) =>
  ({
    DATABASE_URL: postgresUrl().optional(),
    [override]: postgresUrl().optional(),
  }) as Record<Override | 'DATABASE_URL', z.ZodOptional<z.ZodURL>>;

/**
 * The URL of a service's own database: its own variable where it is given, else `DATABASE_URL` with the
 * database name replaced by the service's.
 *
 * @throws EnvironmentError when neither is set
 */
export function databaseUrl<Override extends string>(
  environment: Partial<Record<Override | 'DATABASE_URL', string>>,
  override: Override,
  databaseName: string,
): string {
  const own = environment[override];
  if (own !== undefined) return own;
  const server = environment.DATABASE_URL;
  if (server === undefined) throw new EnvironmentError([`DATABASE_URL: is required, or ${override}`]);
  const url = new URL(server);
  url.pathname = `/${databaseName}`;
  return url.href;
}
