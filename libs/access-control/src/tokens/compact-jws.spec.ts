import { readCompactHeader } from './compact-jws.js';

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const encodeText = (text: string) => Buffer.from(text).toString('base64url');
const HEADER = { alg: 'ES256', kid: 'k1', typ: 'at+jwt' };
const token = (header: unknown = HEADER) => `${encode(header)}.${encode({ sub: 'u' })}.c2lnIQ`;

describe('readCompactHeader', () => {
  it('reads the header of a strict token', () => {
    expect(readCompactHeader(token())).toEqual(HEADER);
  });

  it.each([
    ['a space at the end', `${token()} `],
    ['a newline at the end', `${token()}\n`],
    ['a newline inside', token().replace('.', '\n.')],
    ['padding', `${token()}=`],
    ['base64 in place of base64url', token().replace(/\.c2ln/, '.c2/+')],
    ['other bits in the last character', token().slice(0, -1) + 'R'],
    ['two parts', token().split('.').slice(0, 2).join('.')],
    ['four parts', `${token()}.x`],
    ['an empty signature', token().replace(/[^.]+$/, '')],
    ['nothing', ''],
    ['more than any token', `${token()}${'A'.repeat(8192)}`],
    ['a header that is not JSON', `bm90LWpzb24.${encode({})}.c2ln`],
    [
      'a header with a member twice',
      `${encodeText('{"alg":"none","alg":"ES256","kid":"k1","typ":"at+jwt"}')}.e30.c2ln`,
    ],
    ['claims with a member twice', `${encode(HEADER)}.${encodeText('{"sub":"u","sub":"v"}')}.c2ln`],
    ['claims with a member twice, deeper', `${encode(HEADER)}.${encodeText('{"a":{"b":1,"b":2}}')}.c2ln`],
    ['claims with a blank', `${encode(HEADER)}.${encodeText('{"sub": "u"}')}.c2ln`],
    [
      'claims that are no UTF-8',
      `${encode(HEADER)}.${Buffer.from('{"sub":"\xff"}', 'latin1').toString('base64url')}.c2ln`,
    ],
    ['claims that are no object', `${encode(HEADER)}.${encode('u')}.c2ln`],
    ['a header that is a list', token([])],
    ['a header that is null', token(null)],
    ['no kid', token({ alg: 'ES256', typ: 'at+jwt' })],
    ['a kid that is no text', token({ ...HEADER, kid: 7 })],
    ...['jku', 'jwk', 'x5u', 'x5c', 'crit', 'b64'].map((name) => [
      `the parameter ${name}`,
      token({ ...HEADER, [name]: 'x' }),
    ]),
  ])('refuses %s', (_case, malformed) => {
    expect(readCompactHeader(malformed)).toBeUndefined();
  });
});
