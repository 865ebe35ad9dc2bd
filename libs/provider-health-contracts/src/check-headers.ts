import { z } from 'zod';

/** What the connection itself says, and what would make one request two (RFC 9110, 7.6.1). */
const OF_THE_CONNECTION = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const HeaderName = z
  .string()
  .max(64)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header')
  .refine((name) => !OF_THE_CONNECTION.has(name.toLowerCase()), 'is not for a check to set');

const HeaderValue = z
  .string()
  .max(2_048)
  .regex(/^[\t\x20-\x7e]*$/, 'must be printable ASCII, without line breaks')
  .refine((value) => !/\{\{/.test(value.replaceAll('{{apiKey}}', '')), 'knows no template but {{apiKey}}');

/** Headers of a check; `{{apiKey}}` in a value stands for the provider's API key. */
export const CheckHeaders = z
  .record(HeaderName, HeaderValue)
  .refine((headers) => Object.keys(headers).length <= 32, 'must not be more than 32')
  .refine(
    (headers) =>
      new Set(Object.keys(headers).map((name) => name.toLowerCase())).size === Object.keys(headers).length,
    'must not name one twice',
  );
