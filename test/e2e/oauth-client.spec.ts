import * as oauth from 'oauth4webapi';
import { readTrail } from '../support/audit-trail.js';
import { eventually } from '../support/eventually.js';
import { startSuite, type Suite, SUITE_TIMEOUT_MS } from '../support/suite.js';

/** The suite of a development machine speaks no TLS. */
const INSECURE = { [oauth.allowInsecureRequests]: true };
const AUDIENCE = 'gatehouse';
const PERMISSIONS = ['providers:read', 'providers:report', 'auth:introspect'];

interface Created {
  clientId: string;
  clientSecret: string;
}

describe('a client library of OAuth that knows nothing of Gatehouse', () => {
  let suite: Suite;
  let server: oauth.AuthorizationServer;
  let client: oauth.Client;
  let secret: string;

  beforeAll(async () => {
    suite = await startSuite();
    const issuer = new URL(suite.gateway);
    const found = await oauth.discoveryRequest(issuer, { algorithm: 'oauth2', ...INSECURE });
    server = await oauth.processDiscoveryResponse(issuer, found);
    const { status, body } = await suite.call<Created>('POST', '/v1/auth/service-accounts', {
      token: await suite.adminToken(),
      body: { name: 'a client library', permissions: PERMISSIONS },
    });
    expect(status).toBe(201);
    client = { client_id: body.clientId };
    secret = body.clientSecret;
  }, SUITE_TIMEOUT_MS);

  afterAll(() => suite.stop(), 60_000);

  const grant = async (
    authentication = oauth.ClientSecretBasic(secret),
    parameters: Record<string, string> = {},
    of = client,
  ) => {
    const answer = await oauth.clientCredentialsGrantRequest(
      server,
      of,
      authentication,
      parameters,
      INSECURE,
    );
    return oauth.processClientCredentialsResponse(server, of, answer);
  };
  const validate = (token: string, audience = AUDIENCE) =>
    oauth.validateJwtAccessToken(
      server,
      new Request(`${suite.gateway}/v1/projects`, { headers: { authorization: `Bearer ${token}` } }),
      audience,
      INSECURE,
    );
  const introspect = async (token: string) => {
    const authentication = oauth.ClientSecretBasic(secret);
    const answer = await oauth.introspectionRequest(server, client, authentication, token, INSECURE);
    return oauth.processIntrospectionResponse(server, client, answer);
  };
  const revoke = async (token: string, authentication = oauth.ClientSecretBasic(secret)) => {
    const answer = await oauth.revocationRequest(server, client, authentication, token, INSECURE);
    return oauth.processRevocationResponse(answer);
  };
  /** The error of RFC 6749 that it was refused with. */
  const refusalOf = (asked: Promise<unknown>) =>
    asked.then(
      () => 'none',
      (error: unknown) => {
        if (error instanceof oauth.ResponseBodyError) return `${error.status} ${error.error}`;
        if (error instanceof oauth.WWWAuthenticateChallengeError)
          return `${error.status} ${error.cause.map(({ scheme }) => scheme).join()}`;
        throw error;
      },
    );
  const login = async () => {
    const { email, password } = suite.admin;
    const body = { email, password };
    return (await suite.call<Record<string, string>>('POST', '/v1/auth/login', { body })).body;
  };

  it('finds every endpoint through the gateway', () => {
    const authentication = ['client_secret_basic', 'client_secret_post'];
    expect(server).toMatchObject({
      issuer: suite.gateway,
      token_endpoint: `${suite.gateway}/v1/auth/token`,
      introspection_endpoint: `${suite.gateway}/v1/auth/introspect`,
      revocation_endpoint: `${suite.gateway}/v1/auth/revoke`,
      jwks_uri: `${suite.gateway}/.well-known/jwks.json`,
      grant_types_supported: ['client_credentials'],
      response_types_supported: [],
      token_endpoint_auth_methods_supported: authentication,
      introspection_endpoint_auth_methods_supported: authentication,
      revocation_endpoint_auth_methods_supported: authentication,
      scopes_supported: expect.arrayContaining(PERMISSIONS) as string[],
    });
  });

  it.each([
    ['Basic', oauth.ClientSecretBasic],
    ['the body', oauth.ClientSecretPost],
  ])('gets a token by %s, which is one of RFC 9068', async (_name, authenticate) => {
    const answer = await grant(authenticate(secret));
    expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 900, scope: PERMISSIONS.join(' ') });
    expect(await validate(answer.access_token)).toMatchObject({
      ...{ iss: suite.gateway, aud: AUDIENCE, sub: client.client_id, client_id: client.client_id },
    });
    await expect(validate(answer.access_token, 'somebody else')).rejects.toThrow(/"aud"/);
    const { status } = await suite.call('GET', '/v1/providers', { token: answer.access_token });
    expect(status).toBe(200);
  });

  it('gets as little as it asks for, and no more than it has', async () => {
    const narrowed = await grant(undefined, { scope: 'providers:read' });
    expect(narrowed.scope).toBe('providers:read');
    expect(await introspect(narrowed.access_token)).toMatchObject({ active: true, scope: 'providers:read' });
    expect(await refusalOf(grant(undefined, { scope: 'providers:write' }))).toBe('400 invalid_scope');
  });

  it('is refused with a wrong secret, as somebody else and without a secret', async () => {
    expect(await refusalOf(grant(oauth.ClientSecretPost('wrong')))).toMatch(/^401 /);
    expect(await refusalOf(grant(undefined, {}, { client_id: 'audit-service' }))).toMatch(/^401 /);
    expect(await refusalOf(grant(oauth.None()))).toMatch(/^401 /);
  });

  it('asks about tokens of users, and ends them', async () => {
    const tokens = await login();
    expect(await validate(tokens['accessToken'] ?? '')).toMatchObject({ client_id: 'gatehouse' });
    expect(await introspect(tokens['accessToken'] ?? '')).toMatchObject({
      ...{ active: true, token_type: 'Bearer', username: suite.admin.email, scope: '*' },
      ...{ iss: suite.gateway, sid: tokens['sessionId'] },
    });
    await revoke(tokens['refreshToken'] ?? '');
    for (const kind of ['accessToken', 'refreshToken'])
      expect(await introspect(tokens[kind] ?? '')).toEqual({ active: false });
    const body = { refreshToken: tokens['refreshToken'] };
    expect((await suite.call('POST', '/v1/auth/refresh', { body })).status).toBe(401);
  });

  it('ends its own token', async () => {
    const { access_token: token } = await grant();
    expect(await introspect(token)).toMatchObject({ active: true, client_id: client.client_id });
    await revoke(token, oauth.ClientSecretPost(secret));
    expect(await introspect(token)).toEqual({ active: false });
    await expect(revoke('a token of somebody else')).resolves.toBeUndefined();
  });

  it('has no token that outlives its account', async () => {
    const token = await suite.adminToken();
    const path = '/v1/auth/service-accounts';
    const permissions = ['service-accounts:manage'];
    const { body } = await suite.call<Created>('POST', path, { token, body: { name: 'x', permissions } });
    const of = { client_id: body.clientId };
    const own = await grant(oauth.ClientSecretBasic(body.clientSecret), {}, of);
    expect((await suite.call('GET', path, { token: own.access_token })).status).toBe(200);
    expect((await suite.call('DELETE', `${path}/${body.clientId}`, { token })).status).toBe(204);
    expect((await suite.call('GET', path, { token: own.access_token })).status).toBe(401);
    expect(await introspect(own.access_token)).toEqual({ active: false });
    expect(await refusalOf(grant(oauth.ClientSecretBasic(body.clientSecret), {}, of))).toMatch(/^401 /);
  });

  it('has left all of it in the audit trail', async () => {
    const wanted = [
      ...['auth.service-account-created', 'auth.service-account-deleted', 'auth.client-refused'],
      ...['auth.token-revoked', 'auth.session-ended'],
    ];
    await eventually('the trail has it', async () => {
      const events = await readTrail(suite, await suite.adminToken());
      const actions = new Set(events.map(({ action }) => action));
      return wanted.every((action) => actions.has(action));
    });
  }, 60_000);
});
