import { newWebhookSecret, WebhookSender } from '@gatehouse/webhooks';
import { Webhook } from 'standardwebhooks';
import {
  answering,
  closedPort,
  dripping,
  hanging,
  saying,
  type Upstream,
} from '../../../../test/support/upstreams.js';

const secret = newWebhookSecret();
const message = { id: '0199', body: '{"type":"ping"}' };
const sender = new WebhookSender({ allowPrivate: true });
const upstreams: Upstream[] = [];

async function up(upstream: Promise<Upstream>): Promise<Upstream> {
  const started = await upstream;
  upstreams.push(started);
  return started;
}

const send = ({ port }: { port: number }, by = sender, signal?: AbortSignal) =>
  by.send(message, { url: `http://127.0.0.1:${port}/hook?a=b`, secrets: [secret] }, signal);

afterEach(() => Promise.all(upstreams.splice(0).map((upstream) => upstream.close())));

describe('WebhookSender', () => {
  it('posts what a receiver verifies', async () => {
    const verified: unknown[] = [];
    const receiver = await up(
      answering((request, response) => {
        let body = '';
        request.on('data', (part) => (body += String(part)));
        request.on('end', () => {
          const { method, url, headers } = request;
          verified.push([method, url, headers['content-type'], headers['webhook-id']]);
          verified.push(new Webhook(secret).verify(body, headers as Record<string, string>));
          response.writeHead(204).end();
        });
      }),
    );
    expect(await send(receiver)).toEqual({ outcome: 'delivered', status: 204 });
    expect(verified).toEqual([['POST', '/hook?a=b', 'application/json', '0199'], { type: 'ping' }]);
  });

  it('follows no redirect', async () => {
    const other = await up(answering((_request, response) => response.end()));
    const receiver = await up(
      answering((_request, response) =>
        response.writeHead(307, { location: `http://127.0.0.1:${other.port}/` }).end(),
      ),
    );
    expect(await send(receiver)).toEqual({ outcome: 'failed', status: 307, reason: 'answered 307' });
    expect(other.connections()).toBe(0);
  });

  it('reaches nothing of this network unless it may', async () => {
    const receiver = await up(answering((_request, response) => response.end()));
    const strict = new WebhookSender({ allowPrivate: false });
    expect(await send(receiver, strict)).toEqual({ outcome: 'failed', reason: 'address' });
    expect(receiver.connections()).toBe(0);
  });

  it.each([
    ['nobody', async () => ({ port: await closedPort() }), 'network: ECONNREFUSED'],
    ['silence', () => up(hanging()), 'timeout'],
    ['headers without end', () => up(dripping('HTTP/1.1 200 OK\r\n', 'x: y\r\n', 50)), 'timeout'],
  ])('has what reaches %s tried again', async (_what, start, reason) => {
    const hasty = new WebhookSender({ allowPrivate: true, deadlineMs: 1_000 });
    expect(await send(await start(), hasty)).toEqual({ outcome: 'failed', reason });
  });

  it('has what is no HTTP tried again', async () => {
    expect(await send(await up(saying('220 smtp.example.test ESMTP\r\n')))).toMatchObject({
      outcome: 'failed',
      reason: expect.stringMatching(/^protocol/) as string,
    });
  });

  it('asks nothing of the body, of whatever size', async () => {
    const receiver = await up(dripping('HTTP/1.1 200 OK\r\n\r\n', 'x'.repeat(65_536), 0));
    expect(await send(receiver)).toEqual({ outcome: 'delivered', status: 200 });
  });

  it('is cancelled by the signal, and says so', async () => {
    const cancelling = new AbortController();
    const sent = send(await up(hanging()), sender, cancelling.signal);
    cancelling.abort();
    await expect(sent).rejects.toMatchObject({ kind: 'cancelled' });
  });
});
