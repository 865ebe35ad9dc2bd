import { AuthApi, AuthWorld } from './auth-world.js';

interface Operation {
  requestBody?: { content: Record<string, { schema: { required: string[]; properties: object } }> };
  responses: Record<string, { content?: Record<string, { schema: { properties: object } }> }>;
  security?: Record<string, string[]>[];
}

describe('the OpenAPI document', () => {
  const world = new AuthWorld();
  let document: {
    paths: Record<string, Record<string, Operation>>;
    components: { securitySchemes: object };
  };

  beforeAll(async () => {
    const { body } = await new AuthApi(await world.start()).call('GET', '/v1/auth/openapi.json');
    document = body as unknown as typeof document;
  });
  afterAll(() => world.stop(), 30_000);

  const operation = (method: string, path: string): Operation => {
    const found = document.paths[path]?.[method];
    if (found === undefined) throw new Error(`No ${method} ${path}`);
    return found;
  };
  const answer = ({ responses }: Operation, status: number) =>
    Object.keys(responses[status]?.content?.['application/json']?.schema.properties ?? {});

  it.each([
    ['/v1/auth/token', ['grant_type'], ['200', '400', '401', '415']],
    ['/v1/auth/introspect', ['token'], ['200', '400', '401', '403', '415']],
    ['/v1/auth/revoke', ['token'], ['200', '400', '401', '403', '415']],
  ])('tells of %s its form, its answers and how clients authenticate', (path, required, statuses) => {
    const { requestBody, responses, security } = operation('post', path);
    expect(Object.keys(requestBody?.content ?? {})).toEqual(['application/x-www-form-urlencoded']);
    const form = requestBody?.content['application/x-www-form-urlencoded']?.schema;
    expect(form?.required).toEqual(required);
    expect(Object.keys(form?.properties ?? {})).toEqual(
      expect.arrayContaining([...required, 'client_id', 'client_secret']),
    );
    expect(Object.keys(responses)).toEqual(statuses);
    for (const status of statuses.slice(1))
      expect(answer(operation('post', path), Number(status))).toEqual(['error', 'error_description']);
    expect(security).toEqual([{ client: [] }]);
    expect(document.components.securitySchemes).toMatchObject({ client: { type: 'http', scheme: 'basic' } });
  });

  it('tells of API keys what is answered, and where the key is', () => {
    const shown = ['id', 'name', 'prefix', 'permissions', 'createdAt', 'expiresAt', 'lastUsedAt'];
    const path = '/v1/auth/api-keys';
    expect(answer(operation('get', path), 200)).toEqual(['items']);
    expect(answer(operation('get', `${path}/{id}`), 200)).toEqual(shown);
    expect(answer(operation('post', path), 201)).toEqual([...shown, 'key']);
    expect(Object.keys(operation('post', path).responses)).toEqual(['201', '403', '409']);
    expect(Object.keys(operation('delete', `${path}/{id}`).responses)).toEqual(['204', '404']);
  });

  it('tells gateways what they are answered', () => {
    const { responses } = operation('get', '/v1/auth/verify');
    expect(Object.keys(responses)).toEqual(['200', '400', '401', '403']);
    expect(Object.keys((responses[200] as { headers?: object }).headers ?? {})).toEqual([
      ...['X-Auth-Subject', 'X-Auth-Role', 'X-Auth-Session', 'X-Auth-Permissions'],
    ]);
  });

  it('tells of service accounts what is answered, and where the secret is', () => {
    const shown = ['id', 'clientId', 'name', 'permissions', 'builtIn', 'createdAt', 'secrets'];
    const path = '/v1/auth/service-accounts';
    expect(answer(operation('get', path), 200)).toEqual(['items', 'nextCursor']);
    expect(answer(operation('get', `${path}/{id}`), 200)).toEqual(shown);
    for (const made of [operation('post', path), operation('post', `${path}/{id}/secret`)])
      expect(answer(made, 201)).toEqual([...shown, 'clientSecret']);
    expect(Object.keys(operation('delete', `${path}/{id}`).responses)).toEqual(['204', '404', '409']);
  });

  it('tells of roles what is sent and answered, and of permissions what there is', () => {
    const shown = ['name', 'parent', 'permissions', 'description', 'builtIn', 'createdAt', 'updatedAt'];
    const path = '/v1/auth/roles/{name}';
    for (const list of ['/v1/auth/roles', '/v1/auth/permissions'])
      expect(answer(operation('get', list), 200)).toEqual(['items', 'nextCursor']);
    expect(answer(operation('get', path), 200)).toEqual(shown);
    const put = operation('put', path);
    for (const status of [200, 201]) expect(answer(put, status)).toEqual(shown);
    expect(Object.keys(put.responses)).toEqual(['200', '201', '403', '409']);
    expect(put.requestBody?.content['application/json']?.schema.required).toEqual(['parent', 'permissions']);
    expect(Object.keys(operation('delete', path).responses)).toEqual(['204', '403', '404', '409']);
  });
});
