import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import { ServiceTokens } from '@gatehouse/access-control';

describe('ServiceTokens', () => {
  let endpoint: Server;
  let url: string;
  let requests: { authorization?: string; body: string }[];
  let lifetime: number;
  let status: number;

  beforeEach(async () => {
    requests = [];
    lifetime = 900;
    status = 200;
    endpoint = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        requests.push({ authorization: request.headers.authorization, body });
        response.statusCode = status;
        response.end(JSON.stringify({ access_token: `token-${requests.length}`, expires_in: lifetime }));
      });
    });
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1/auth/token`;
  });

  afterEach(async () => {
    endpoint.closeAllConnections();
    await new Promise((resolve) => endpoint.close(resolve));
  });

  const tokens = () => new ServiceTokens({ tokenUrl: url, clientId: 'a service', clientSecret: 's:c/t' });

  it('asks with client credentials, encoded as RFC 6749 says', async () => {
    await tokens().token();
    expect(requests).toEqual([
      {
        authorization: `Basic ${Buffer.from('a%20service:s%3Ac%2Ft').toString('base64')}`,
        body: 'grant_type=client_credentials',
      },
    ]);
  });

  it('asks once for many callers and keeps what it got', async () => {
    const service = tokens();
    expect(await Promise.all([service.token(), service.token(), service.token()])).toEqual([
      'token-1',
      'token-1',
      'token-1',
    ]);
    expect(await service.token()).toBe('token-1');
    expect(requests).toHaveLength(1);
  });

  it('asks for another when one was refused, once for all who were', async () => {
    const service = tokens();
    const refused = await service.token();
    service.forget(refused);
    const renewed = await service.token();
    expect(renewed).toBe('token-2');
    service.forget(refused);
    expect([await service.token(), requests.length]).toEqual([renewed, 2]);
  });

  it('does not hand out a token that is about to end', async () => {
    lifetime = 5;
    const service = tokens();
    expect(await service.token()).toBe('token-1');
    expect(await service.token()).toBe('token-2');
  });

  it('says that auth-service is away, and gets a token once it is back', async () => {
    const service = tokens();
    status = 503;
    await expect(service.token()).rejects.toThrow(DependencyUnavailableError);
    status = 200;
    expect(await service.token()).toBe('token-2');
  });
});
