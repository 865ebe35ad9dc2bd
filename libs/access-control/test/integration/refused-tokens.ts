import { createHmac, KeyObject, sign } from 'node:crypto';
import { aKey, aToken, type TokenChanges } from '../../../../test/support/access-tokens.js';
import { withOtherS } from '../../src/tokens/low-s.js';

type Key = Awaited<ReturnType<typeof aKey>>;

const encode = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const decode = (part = ''): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString()) as Record<string, unknown>;
const BASE64URL = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** The last character with other bits where no byte ends: lenient decoders read the same bytes. */
function withOtherLastCharacter(part: string): string {
  const index = BASE64URL.indexOf(part.slice(-1));
  return part.slice(0, -1) + BASE64URL.charAt(index ^ 1);
}

/** What an attacker, or a lenient library, may make of tokens. */
export async function refusedTokens(
  keys: {
    es256: Key;
    rs256: Key;
    /** Has the `kid` of `es256` and is not among the keys. */
    stranger: Key;
    /** The public key of `rs256`. */
    rsaPublicKey: KeyObject;
  },
  /** Shown the good token that the variants are made of. */
  use: (token: string) => Promise<unknown> = async () => undefined,
): Promise<[name: string, token: string][]> {
  const { es256, rs256, stranger, rsaPublicKey } = keys;
  const good = await aToken(es256);
  await use(good);
  const [head = '', payload = '', signature = ''] = good.split('.');
  const header = decode(head);
  const claims = decode(payload);
  const signed = (changes: TokenChanges) => aToken(es256, changes);
  const hmac = (secret: string | Buffer, alg = 'HS256') => {
    const input = `${encode({ alg, kid: rs256.kid, typ: 'at+jwt' })}.${payload}`;
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
  };
  const none = (alg: string) => encode({ ...header, alg });
  const twice = (text: string, member: string) => `{${member},${text.slice(1)}`;
  const inDer = sign('sha256', Buffer.from(`${head}.${payload}`), KeyObject.from(es256.privateKey)).toString(
    'base64url',
  );
  const zero = Buffer.alloc(64).toString('base64url');

  return [
    // the same bytes, written otherwise
    ['a space before', ` ${good}`],
    ['a space after', `${good} `],
    ['a newline after', `${good}\n`],
    ['a newline within the signature', `${head}.${payload}.${signature.slice(0, 9)}\n${signature.slice(9)}`],
    ['a tab within the payload', `${head}.${payload.slice(0, 9)}\t${payload.slice(9)}.${signature}`],
    ['a carriage return before a dot', `${head}\r.${payload}.${signature}`],
    ['a NUL after', `${good}\0`],
    ['padding of the signature', `${good}==`],
    ['padding of the header', `${head}=.${payload}.${signature}`],
    ['base64 in place of base64url', `${head}.${payload}.${signature.slice(0, -2)}+/`],
    ['another last character of the signature', `${head}.${payload}.${withOtherLastCharacter(signature)}`],
    ['s replaced by n - s', withOtherS(good)],
    ['a byte more of signature', `${head}.${payload}.${signature}AA`],
    // not of three parts
    ['nothing', ''],
    ['no signature', `${head}.${payload}`],
    ['an empty signature', `${head}.${payload}.`],
    ['a detached payload', `${head}..${signature}`],
    ['a part more', `${good}.${signature}`],
    ['the JSON serialization', JSON.stringify({ protected: head, payload, signature })],
    ['a list of tokens', `${good},${good}`],
    ['the form of encrypted tokens', `${head}.${payload}.${payload}.${payload}.${signature}`],
    ['a huge token', await signed({ claims: { filler: 'x'.repeat(20_000) } })],
    ['a huge signature', `${good}${'A'.repeat(1_000_000)}`],
    // another signature
    ['a signature of zeros', `${head}.${payload}.${zero}`],
    ['the signature of another token', `${head}.${payload}.${(await signed({})).split('.')[2]}`],
    ['a signature in DER', `${head}.${payload}.${inDer}`],
    ['another payload', `${head}.${encode({ ...claims, role: 'admin' })}.${signature}`],
    ['the signature of a stranger', await aToken(stranger)],
    // another algorithm
    ...['none', 'None', 'NONE', 'nOnE', ''].map((alg): [string, string] => [
      `alg ${JSON.stringify(alg)}, unsigned`,
      `${none(alg)}.${payload}.${signature}`,
    ]),
    ['alg none with an empty signature', `${none('none')}.${payload}.`],
    ['HS256 with the public key as PEM', hmac(rsaPublicKey.export({ type: 'spki', format: 'pem' }))],
    ['HS256 with the public key as DER', hmac(rsaPublicKey.export({ type: 'spki', format: 'der' }))],
    ['HS256 with the public key as JWK', hmac(JSON.stringify(rs256.jwk))],
    ['HS256 with an empty secret', hmac('')],
    ['RS256 with the kid of an ES256 key', await aToken(rs256, { header: { kid: es256.kid } })],
    ['ES256 with the kid of an RS256 key', await aToken(es256, { header: { kid: rs256.kid } })],
    ['ES384', `${none('ES384')}.${payload}.${signature}`],
    ['PS256', `${none('PS256')}.${payload}.${signature}`],
    // headers
    ['typ JWT', await signed({ header: { typ: 'JWT' } })],
    ['typ of a refresh token', await signed({ header: { typ: 'rt+jwt' } })],
    ['typ in capitals', await signed({ header: { typ: 'AT+JWT' } })],
    ['the long typ', await signed({ header: { typ: 'application/at+jwt' } })],
    ['no typ', await signed({ header: { typ: undefined } })],
    ['no kid', await signed({ header: { kid: undefined } })],
    ['an unknown kid', await signed({ header: { kid: 'k9' } })],
    ['a kid that is a path', await signed({ header: { kid: '../../dev/null' } })],
    ['a kid that is a member of every object', await signed({ header: { kid: '__proto__' } })],
    ['an embedded key', await aToken(stranger, { header: { jwk: stranger.jwk } })],
    ['a URL of keys', await aToken(stranger, { header: { jku: 'https://evil.test/jwks' } })],
    ['a URL of a certificate', await aToken(stranger, { header: { x5u: 'https://evil.test/x5u' } })],
    ['a certificate', await aToken(stranger, { header: { x5c: ['AAAA'] } })],
    ['a header parameter more', await signed({ header: { zip: 'DEF' } })],
    ['a critical extension', `${encode({ ...header, crit: ['exp'], exp: 1 })}.${payload}.${signature}`],
    ['b64 false', `${encode({ ...header, b64: false, crit: ['b64'] })}.${payload}.${signature}`],
    ['alg twice', `${encode(twice(JSON.stringify(header), '"alg":"none"'))}.${payload}.${signature}`],
    ['sub twice', `${head}.${encode(twice(JSON.stringify(claims), '"sub":"admin"'))}.${signature}`],
    ['claims that are no JSON', `${head}.${encode('no')}.${signature}`],
    // claims
    ['expired', await signed({ expires: 1 })],
    ['no expiry', await signed({ without: ['exp'] })],
    ['no issue date', await signed({ without: ['iat'] })],
    ['an expiry that is a text', await signed({ claims: { exp: '9999999999' as unknown as number } })],
    ['not valid yet', await signed({ claims: { nbf: Math.floor(Date.now() / 1000) + 600 } })],
    ['another issuer', await signed({ issuer: 'https://platform.test.evil' })],
    ['the issuer with a slash', await signed({ issuer: 'https://platform.test/' })],
    ['another audience', await signed({ audience: 'gatehouse2' })],
    ['the audience of a refresh token', await signed({ audience: 'https://platform.test' })],
    ['the type of a refresh token', await signed({ claims: { type: 'refresh' } })],
    ['no session', await signed({ claims: { sid: undefined } })],
    ['no jti', await signed({ without: ['jti'] })],
    ['role and permissions', await signed({ claims: { permissions: ['*'] } })],
    [
      'permissions of a service by the name of another',
      await signed({
        claims: { permissions: ['*'], role: undefined, sid: undefined },
      }),
    ],
  ];
}
