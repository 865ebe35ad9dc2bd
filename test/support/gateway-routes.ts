/** Paths that every form of the gateway hands on, each to its service, as they were asked. */
export const SUITE_ROUTES: readonly (readonly [path: string, service: 'auth' | 'providers' | 'audit'])[] = [
  ['/v1/auth/me', 'auth'],
  ['/v1/auth', 'auth'],
  ['/.well-known/jwks.json', 'auth'],
  ['/v1/providers', 'providers'],
  ['/v1/providers?status=healthy&x=%2F', 'providers'],
  ['/v1/providers/openai/status', 'providers'],
  ['/v1/audit/events?limit=2', 'audit'],
];
