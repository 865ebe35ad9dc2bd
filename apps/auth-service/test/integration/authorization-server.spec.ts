import { AuthApi, AuthWorld, ISSUER } from './auth-world.js';

const METADATA = '/.well-known/oauth-authorization-server';

describe('the metadata of the authorization server', () => {
  const world = new AuthWorld();

  afterAll(() => world.stop(), 30_000);

  it('is there for everybody, and may be kept for a while', async () => {
    const api = new AuthApi(await world.start());
    const { status, body, headers } = await api.call('GET', METADATA);
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=300']);
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(body['issuer']).toBe(ISSUER);
    expect((await api.call('GET', `${METADATA}/auth`)).status).toBe(404);
    expect((await api.call('GET', `${METADATA}/`)).status).not.toBe(500);
  });

  it('is where clients look for it when the issuer has a path', async () => {
    const issuer = `${ISSUER}/sign/in`;
    const api = new AuthApi(await world.start({ ISSUER: issuer }));
    const { status, body, headers } = await api.call('GET', `${METADATA}/sign/in`);
    expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=300']);
    expect(body).toMatchObject({ issuer, token_endpoint: `${issuer}/v1/auth/token` });
    for (const path of ['/sign', '/sign/in/x', '/sign%2Fin%2F', '/sign/in?x=1'])
      expect([path, (await api.call('GET', METADATA + path)).status]).toEqual([
        path,
        path.endsWith('?x=1') ? 200 : 404,
      ]);
  });
});
