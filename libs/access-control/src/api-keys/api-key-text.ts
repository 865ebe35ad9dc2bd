import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const [ID_DIGITS, SECRET_DIGITS, CHECK_DIGITS] = [22, 43, 6];
const API_KEY = /^gh_([0-9A-Za-z]{22})_[0-9A-Za-z]{43}_([0-9A-Za-z]{6})$/;
const UUID = /^([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$/;

/**
 * A new API key, `gh_<id>_<secret>_<check>`: its id, 256 random bits and a CRC-32 of all before, in base 62. A double click
 * takes the whole of it, and scanners of source code know it by its form.
 *
 * @param id a UUID
 */
export function newApiKey(id: string): string {
  const secret = BigInt(`0x${randomBytes(32).toString('hex')}`);
  const text = `${apiKeyPrefix(id)}_${encode(secret, SECRET_DIGITS)}`;
  return `${text}_${checkOf(text)}`;
}

/** What the API key with this id begins with. */
export const apiKeyPrefix = (id: string): string =>
  `gh_${encode(BigInt(`0x${id.replaceAll('-', '')}`), ID_DIGITS)}`;

/** The id of an API key; undefined when it cannot be one: mistyped, cut off, of another form. Nobody needs to be asked. */
export function readApiKeyId(key: string): string | undefined {
  const [, id = '', check] = API_KEY.exec(key) ?? [];
  if (check === undefined || checkOf(key.slice(0, -(CHECK_DIGITS + 1))) !== check) return undefined;
  const parts = UUID.exec(decode(id).toString(16).padStart(32, '0'));
  return parts?.slice(1).join('-');
}

/** The SHA-256 of an API key, in base64url: what it is known and asked for by. */
export const apiKeyDigest = (key: string): string => createHash('sha256').update(key).digest('base64url');

const checkOf = (text: string): string => encode(BigInt(crc32(text)), CHECK_DIGITS);

function encode(number: bigint, digits: number): string {
  let [text, rest] = ['', number];
  for (let n = 0; n < digits; n++) {
    text = `${DIGITS[Number(rest % 62n)]}${text}`;
    rest /= 62n;
  }
  return text;
}

const decode = (text: string): bigint =>
  [...text].reduce((number, digit) => number * 62n + BigInt(DIGITS.indexOf(digit)), 0n);
