const NAME = 'gatehouse_device';
const PATH = '/v1/auth/login';
/** Browsers keep no cookie longer than 400 days. */
const MAX_AGE_SECONDS = 400 * 24 * 60 * 60;
/** As long as a `deviceToken` in the body may be. */
const LONGEST = 512;

/** The device token in a `Cookie` header. */
export function readDeviceCookie(header: string | undefined): string | undefined {
  const pair = header
    ?.split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${NAME}=`));
  const token = pair?.slice(NAME.length + 1);
  return token === undefined || token === '' || token.length > LONGEST ? undefined : token;
}

/**
 * The `Set-Cookie` by which a browser keeps the device token without its scripts: sent to the login alone, and never by
 * the page of another site.
 *
 * @param secure whether the platform is reached by https
 */
export function deviceCookie(token: string, secure: boolean): string {
  const attributes = [`Path=${PATH}`, `Max-Age=${MAX_AGE_SECONDS}`, 'HttpOnly', 'SameSite=Strict'];
  return [`${NAME}=${token}`, ...attributes, ...(secure ? ['Secure'] : [])].join('; ');
}
