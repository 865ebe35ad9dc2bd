import fc from 'fast-check';
import { basic, type Service, ServiceWorld } from './service-world.js';

const ENDPOINTS = ['token', 'introspect', 'revoke'] as const;
const FORM = 'application/x-www-form-urlencoded';
/** Fewer than `TOKEN_LIMIT_PER_ADDRESS` lets through. */
const RUNS = 120;

const text = fc.string({ unit: 'binary', maxLength: 60 });
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('junk at the OAuth endpoints', () => {
  const world = new ServiceWorld();
  let client: Service;

  beforeAll(async () => {
    await world.startWithAdmin();
    client = await world.aService('auth:introspect');
  }, 30_000);
  afterAll(() => world.stop(), 30_000);

  const send = (endpoint: string, body: string, headers: Record<string, string>) => {
    return world.api.call('POST', `/v1/auth/${endpoint}`, {
      body,
      headers: { 'content-type': FORM, ...headers },
    });
  };

  it('is refused and does no harm, without a client', async () => {
    const word = fc.oneof(
      text,
      fc.constantFrom('grant_type', 'token', 'client_id', 'client_secret', 'scope'),
    );
    const body = fc.oneof(
      text,
      fc
        .array(fc.tuple(word, word), { maxLength: 6 })
        .map((pairs) => pairs.map(([name, value]) => `${name}=${value}`).join('&')),
    );
    const authorization = fc.oneof(
      text.map((it) => Buffer.from(it).toString('base64')),
      fc.tuple(text, text).map(([id, secret]) => Buffer.from(`${id}:${secret}`).toString('base64')),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ENDPOINTS),
        body,
        fc.option(authorization),
        async (to, sent, shown) => {
          const headers: Record<string, string> = shown === null ? {} : { authorization: `Basic ${shown}` };
          const { status, body: answer } = await send(to, sent, headers);
          expect([400, 401]).toContain(status);
          expect(answer).not.toHaveProperty('active');
        },
      ),
      { numRuns: RUNS },
    );
  }, 60_000);

  it('is no token, whatever it looks like', async () => {
    const claims = fc.record(
      {
        ...{ sub: fc.jsonValue(), sid: fc.jsonValue(), jti: fc.jsonValue(), role: fc.jsonValue() },
        ...{ type: fc.constantFrom('access', 'refresh'), counter: fc.jsonValue(), exp: fc.jsonValue() },
      },
      { requiredKeys: [] },
    );
    const header = fc.record({
      alg: fc.constantFrom('none', 'HS256', 'ES256'),
      typ: fc.constantFrom('at+jwt', 'rt+jwt', 'JWT'),
      kid: text,
    });
    const forged = fc
      .tuple(header, claims, fc.base64String({ minLength: 4, maxLength: 88 }))
      .map(([head, of, signature]) => `${part(head)}.${part(of)}.${signature.replace(/[+/=]/g, 'A')}`);
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, forged), async (token) => {
        fc.pre(token !== '');
        const asked = await world.form('introspect', { token }, client);
        expect([asked.status, asked.body]).toEqual([200, { active: false }]);
        const revoked = await world.form('revoke', { token }, client);
        expect([revoked.status, revoked.body]).toEqual([200, {}]);
      }),
      { numRuns: RUNS },
    );
    expect(await world.query(`SELECT 1 FROM revocation`)).toEqual([]);
  }, 60_000);

  it('is no scope', async () => {
    await fc.assert(
      fc.asyncProperty(text, async (scope) => {
        fc.pre(!['', 'auth:introspect'].includes(scope));
        const body = new URLSearchParams({ grant_type: 'client_credentials', scope }).toString();
        const headers = { authorization: basic(client.id, client.secret) };
        const { status, body: answer } = await send('token', body, headers);
        expect([status, answer['error']]).toEqual([400, 'invalid_scope']);
      }),
      { numRuns: RUNS },
    );
  }, 60_000);
});
