import type { HealthCheck } from '@gatehouse/provider-health-contracts';

type Of<Type extends HealthCheck['type']> = Extract<HealthCheck, { type: Type }>;
export type HttpCheck = Of<'http'>;
export type TcpCheck = Of<'tcp'>;

const API_KEY = '{{apiKey}}';

/** Where an HTTP check goes: its URL, or its path behind the provider's base URL. */
export function httpTarget(check: HttpCheck, baseUrl: string): URL {
  if (check.url !== undefined) return new URL(check.url);
  const base = new URL(baseUrl);
  if (check.path === undefined) return base;
  // Behind what the base URL already has, so that no path can lead to another origin.
  const [path = '', ...query] = check.path.split('?');
  base.pathname = base.pathname.replace(/\/$/, '') + path.replace(/#.*/, '');
  base.search = query.join('?');
  return base;
}

export function tcpTarget(check: TcpCheck, baseUrl: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(baseUrl);
  const usual = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: check.port ?? usual };
}

export const needsKey = (check: HealthCheck): check is HttpCheck =>
  check.type === 'http' && Object.values(check.headers).some((value) => value.includes(API_KEY));

/** The headers as they are sent. */
export function filledHeaders(check: HttpCheck, apiKey: string | undefined): Record<string, string> {
  // A function, so that a `$&` in the key stays what it is.
  const fill = (value: string) => (apiKey === undefined ? value : value.replaceAll(API_KEY, () => apiKey));
  return Object.fromEntries(Object.entries(check.headers).map(([name, value]) => [name, fill(value)]));
}

/** What is wrong with a check for a provider at this base URL, as problems of a validation. */
export function checkProblems(check: HealthCheck, baseUrl: string): { path: string; message: string }[] {
  if (!needsKey(check) || httpTarget(check, baseUrl).origin === new URL(baseUrl).origin) return [];
  return [
    {
      path: 'healthCheck.headers',
      message: 'must not hold {{apiKey}}: the key goes to the origin of the base URL only',
    },
  ];
}
