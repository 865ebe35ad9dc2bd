import { z } from 'zod';

/** Credentials in a URL would be shown to whoever may see it. */
const hasNoCredentials = (text: string): boolean => {
  const url = URL.parse(text);
  return url?.username === '' && url.password === '';
};

/** Where something of somebody else's is: http or https, without credentials. */
export const HttpUrl = z
  .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
  .max(2_048)
  .refine(hasNoCredentials, 'must not contain credentials');
