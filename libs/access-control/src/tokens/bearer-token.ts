const BEARER = /^Bearer ([^\s]+)$/i;

/** The token of an `Authorization` header (RFC 6750 §2.1); undefined when it has another form. */
export const bearerToken = (authorization: string): string | undefined => BEARER.exec(authorization)?.[1];
