import { z } from 'zod';

/** What `.env.example` shows in place of a secret; a service refuses to start with it. */
export const SAMPLE_SECRET = 'change-me-to-a-random-value-of-32-characters-or-more';

/** A secret of at least 32 characters that is not the sample value. */
export const secret = () =>
  z
    .string({ error: 'is required: set a random value, for example from `openssl rand -base64 48`' })
    .min(32, 'must be at least 32 characters: set a random value, for example from `openssl rand -base64 48`')
    .refine((value) => value !== SAMPLE_SECRET, 'is the sample value of .env.example: set a random value');

/** Secrets, comma-separated, each as `secret()` wants one: the first is used for what is new, all for what is old. */
export const secretList = () =>
  secret()
    .transform((value) => value.split(',').map((item) => item.trim()))
    .pipe(z.array(z.string().min(32, 'must be at least 32 characters each, with a comma between them')));

/** A whole number within bounds, e.g. `integer({ min: 1 }).default(15)`. */
export const integer = ({ min = 0, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {}) =>
  z
    .string()
    .regex(/^-?\d+$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));

/** `true` or `false`. */
export const flag = () => z.enum(['true', 'false']).transform((value) => value === 'true');

/** Comma-separated values; blanks around them are dropped. */
export const list = () =>
  z.string().transform((value) =>
    value
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  );

/** An absolute http or https URL without a trailing slash. */
export const httpUrl = () =>
  z
    .url({ protocol: /^https?$/, error: 'must be an http or https URL' })
    .transform((url) => url.replace(/\/+$/, ''));

const ADDRESS = /^(?:\[([\da-f:.]+)\]|([\w.-]+)):(\d{1,5})$/i;

/** Comma-separated `host:port`; an IPv6 address stands in brackets. At least one. */
export const addresses = () =>
  list()
    .refine((items) => items.length > 0 && items.every(isAddress), 'must be host:port, comma-separated')
    .transform((items) => items.map(toAddress));

function isAddress(text: string): boolean {
  const { port } = toAddress(text);
  return port >= 1 && port <= 65_535;
}

function toAddress(text: string): { host: string; port: number } {
  const [, inBrackets, plain = '', port] = ADDRESS.exec(text) ?? [];
  return { host: inBrackets ?? plain, port: Number(port) };
}
