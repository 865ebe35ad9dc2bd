type Headers = Readonly<Record<string, string | string[] | undefined>>;

/** The request that a gateway asks about, as it says. */
export interface ForwardedRequest {
  method?: string;
  path?: string;
}

const LONGEST_PATH = 512;

/**
 * What a gateway says of the request that it asks about: for the audit trail, never for a decision, since clients may have
 * written it. Of a URI the path alone: a query may have secrets in it.
 */
export function forwardedRequest(headers: Headers): ForwardedRequest {
  const method = first(headers['x-forwarded-method']) ?? first(headers['x-original-method']);
  const uri = first(headers['x-forwarded-uri']) ?? first(headers['x-original-uri']);
  return {
    ...(method !== undefined && /^[A-Za-z]{1,16}$/.test(method) ? { method: method.toUpperCase() } : {}),
    ...(uri === undefined ? {} : { path: pathOf(uri) }),
  };
}

const first = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** nginx has the path alone, others a whole URL; both may have a query. */
function pathOf(uri: string): string {
  const path = uri.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '').replace(/[?#].*$/su, '');
  return (path === '' ? '/' : path).replaceAll(/[^\x21-\x7e]/g, '?').slice(0, LONGEST_PATH);
}
