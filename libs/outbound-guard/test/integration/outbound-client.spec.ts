import type { LookupAddress } from 'node:dns';
import { OutboundClient, type OutboundRequest } from '@gatehouse/outbound-guard';
import {
  answering,
  answeringByTls,
  closedPort,
  dripping,
  hanging,
  saying,
  type Upstream,
} from '../../../../test/support/upstreams.js';

const client = new OutboundClient({ allowPrivate: true });
const upstreams: Upstream[] = [];

async function up<Kind extends Upstream>(upstream: Promise<Kind>): Promise<Kind> {
  const started = await upstream;
  upstreams.push(started);
  return started;
}

const get = (url: string, more: Partial<OutboundRequest> = {}, by = client) =>
  by.request({ url, method: 'GET', deadlineMs: 20_000, maxBodyBytes: 1_024, ...more });

/** Of what hangs: soon enough for a test, long enough to have connected before. */
const soon = { deadlineMs: 500 };

/** Answers with each of these in turn, the last one for ever. */
function resolving(...answers: string[][]) {
  const asked: string[] = [];
  const resolve = async (hostname: string) => {
    const addresses = answers[Math.min(asked.length, answers.length - 1)] ?? [];
    asked.push(hostname);
    return addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return { resolve, asked };
}

afterEach(() => Promise.all(upstreams.splice(0).map((upstream) => upstream.close())));

describe('OutboundClient', () => {
  it('sends what it is told and answers what came', async () => {
    const { port } = await up(
      answering((request, response) => {
        response.statusCode = 201;
        response.setHeader('x-method', `${request.method} ${request.url}`);
        request.pipe(response);
      }),
    );
    const answer = await get(`http://127.0.0.1:${port}/a?b=c`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain' },
      body: 'hello',
    });
    expect(answer).toMatchObject({ status: 201, headers: { 'x-method': 'POST /a?b=c' }, truncated: false });
    expect(answer.body.toString()).toBe('hello');
  });

  it('reaches nothing of this network unless it may', async () => {
    const upstream = await up(answering((_request, response) => response.end()));
    const strict = new OutboundClient({ allowPrivate: false });
    for (const host of ['127.0.0.1', 'localhost', '2130706433', '[::ffff:127.0.0.1]'])
      await expect(get(`http://${host}:${upstream.port}/`, {}, strict)).rejects.toMatchObject({
        kind: 'address',
      });
    expect(upstream.connections()).toBe(0);
  });

  it('connects to what was checked: a name that is rebound afterwards changes nothing', async () => {
    const upstream = await up(answering((_request, response) => response.end('first')));
    const dns = resolving(['127.0.0.1'], ['169.254.169.254']);
    const rebound = new OutboundClient({ allowPrivate: true, resolve: dns.resolve });
    const answer = await get(`http://rebind.test:${upstream.port}/`, {}, rebound);
    expect(answer.body.toString()).toBe('first');
    expect(dns.asked).toEqual(['rebind.test']);
    await expect(get(`http://rebind.test:${upstream.port}/`, {}, rebound)).rejects.toMatchObject({
      kind: 'address',
    });
  });

  it('refuses a name of which one address is forbidden', async () => {
    const upstream = await up(answering((_request, response) => response.end()));
    for (const addresses of [
      ['127.0.0.1', '169.254.169.254'],
      ['fd00:ec2::254', '127.0.0.1'],
    ]) {
      const { resolve } = resolving(addresses);
      await expect(
        get(`http://mixed.test:${upstream.port}/`, {}, new OutboundClient({ allowPrivate: true, resolve })),
      ).rejects.toMatchObject({ kind: 'address' });
    }
    expect(upstream.connections()).toBe(0);
  });

  it('follows no redirect, to metadata or another origin, and sends nothing there', async () => {
    const other = await up(answering((_request, response) => response.end()));
    for (const location of ['http://169.254.169.254/latest/meta-data/', `http://127.0.0.1:${other.port}/`]) {
      const { port } = await up(
        answering((_request, response) => response.writeHead(302, { location }).end()),
      );
      const answer = await get(`http://127.0.0.1:${port}/`, { headers: { authorization: 'Bearer secret' } });
      expect(answer.status).toBe(302);
    }
    expect(other.connections()).toBe(0);
  });

  it.each([
    ['never answers', () => hanging()],
    ['sends its headers drop by drop', () => dripping('HTTP/1.1 200 OK\r\n', 'x-drop: 1\r\n', 50)],
    ['sends its body drop by drop', () => dripping('HTTP/1.1 200 OK\r\n\r\n', '.', 50)],
  ])('gives up at its deadline on one that %s', async (_what, start) => {
    const { port } = await up(start());
    await expect(get(`http://127.0.0.1:${port}/`, soon)).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('gives up on a name that nobody resolves', async () => {
    const never = new OutboundClient({ allowPrivate: true, resolve: () => new Promise(() => {}) });
    await expect(get('http://never.test/', soon, never)).rejects.toMatchObject({ kind: 'timeout' });
  });

  it('reads no more of a body than it may', async () => {
    const { port } = await up(dripping('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(65_536), 0));
    const answer = await get(`http://127.0.0.1:${port}/`);
    expect(answer).toMatchObject({ status: 200, truncated: true });
    expect(answer.body).toHaveLength(1_024);
  });

  it('says that a body of exactly the bound is whole', async () => {
    const { port } = await up(answering((_request, response) => response.end('x'.repeat(1_024))));
    expect(await get(`http://127.0.0.1:${port}/`)).toMatchObject({ truncated: false });
  });

  it.each([
    ['no HTTP', () => saying('SSH-2.0-OpenSSH_9.9\r\n')],
    ['endless headers', () => dripping('HTTP/1.1 200 OK\r\n', `x: ${'y'.repeat(4_096)}\r\n`, 0)],
    ['two lengths', () => saying('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab')],
  ])('takes %s for no answer', async (_what, start) => {
    const { port } = await up(start());
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ kind: 'protocol' });
  });

  it('says what a closed port, an unknown name and a cut connection are', async () => {
    await expect(get(`http://127.0.0.1:${await closedPort()}/`)).rejects.toMatchObject({
      kind: 'network',
      code: 'ECONNREFUSED',
    });
    await expect(get('http://nobody.invalid/')).rejects.toMatchObject({ kind: 'network' });
    const { port } = await up(answering((request) => request.socket.destroy()));
    await expect(get(`http://127.0.0.1:${port}/`)).rejects.toMatchObject({ kind: 'network' });
  });

  it('trusts no certificate but of who may sign one, for this name', async () => {
    const upstream = await up(answeringByTls((_request, response) => response.end('secure')));
    await expect(get(`https://localhost:${upstream.port}/`)).rejects.toMatchObject({ kind: 'tls' });
    const knowing = new OutboundClient({ allowPrivate: true, certificateAuthorities: [upstream.cert] });
    expect((await get(`https://localhost:${upstream.port}/`, {}, knowing)).body.toString()).toBe('secure');
    await expect(get(`https://127.0.0.1:${upstream.port}/`, {}, knowing)).rejects.toMatchObject({
      kind: 'tls',
    });
  });

  it("ends when its caller's signal does", async () => {
    const { port } = await up(hanging());
    await expect(
      get(`http://127.0.0.1:${port}/`, { signal: AbortSignal.timeout(100) }),
    ).rejects.toMatchObject({
      kind: 'cancelled',
    });
  });
});
