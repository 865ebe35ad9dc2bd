import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../../../../test/support/eventually.js';
import { WebhookSecretRepository } from '../../src/webhooks/webhook-secret.repository.js';
import { WebhookSecretResealer } from '../../src/webhooks/webhook-secret.resealer.js';
import { tracesOf, writtenInRedis, writtenInTables } from '../everything-written.js';
import { verifies } from '../../../../test/support/webhook-receiver.js';
import { WebhookWorld } from './webhook-world.js';

const URL_OF_ONE = 'https://receiver.example.test/hooks';
const OURS = 'an-encryption-key-of-the-tests-long-enough';
const OTHER = 'another-encryption-key-of-the-tests-long';

describe('webhooks', () => {
  const world = new WebhookWorld();
  const lines: string[] = [];
  let app: NestFastifyApplication;

  beforeAll(async () => {
    await world.open();
    app = await world.start({ lines });
  }, 60_000);
  afterEach(async () => {
    await world.query(app, 'DELETE FROM webhook');
    await world.closeReceivers();
  });
  afterAll(() => world.close(), 60_000);

  const get = async (id: string) => (await world.hook(app, 'GET', `/${id}`)).body;
  const patch = (id: string, body: unknown, as?: string) => world.hook(app, 'PATCH', `/${id}`, body, as);
  const ping = async (id: string) => {
    const { body } = await world.hook(app, 'POST', `/${id}/test`);
    return eventually('the ping was tried', async () =>
      (await world.deliveries(app, id)).find(
        (each) =>
          each['id'] === body['id'] && (each['status'] === 'delivered' || each['lastReason'] !== null),
      ),
    );
  };

  it('answers the secret once, and nobody else tells of it', async () => {
    const receiver = await world.aReceiver();
    receiver.answer = (response) => response.writeHead(500).end();
    const made = await world.hook(app, 'POST', '', { url: receiver.url });
    const { secret, ...webhook } = made.body as { secret: string; id: string };
    expect(webhook).toEqual({
      ...{ id: expect.any(String) as string, url: receiver.url, description: '', enabled: true },
      ...{ disabledBy: null, events: [], providers: [], tags: [], createdAt: expect.any(String) as string },
    });
    expect(secret).toMatch(/^whsec_[\w+/]{43}=$/);
    const rotated = await world.hook(app, 'POST', `/${webhook.id}/rotate-secret`);
    await ping(webhook.id);
    const answers = await Promise.all(
      ['', `/${webhook.id}`, `/${webhook.id}/deliveries`].map((path) => world.hook(app, 'GET', path)),
    );
    expect(answers[1]?.body).toEqual(webhook);
    expect(answers[0]?.body).toEqual({ items: [webhook], nextCursor: null });
    const changed = await patch(webhook.id, { description: 'on call' });
    const written = [
      ...answers.map(({ text }) => text),
      ...[changed.text, lines.join('\n')],
      await writtenInTables(app.get(DataSource)),
      await writtenInRedis(world.redis, world.namespace),
    ].join('\n');
    expect(lines.length).toBeGreaterThan(0);
    for (const each of [secret, String(rotated.body['secret'])]) {
      expect(each.startsWith('whsec_')).toBe(true);
      expect(tracesOf(each.slice('whsec_'.length), written)).toEqual([]);
    }
  }, 60_000);

  it.each([
    ['nothing', {}],
    ['no URL', { url: 'receiver' }],
    ['a URL of another kind', { url: 'ftp://receiver.example.test' }],
    ['credentials in the URL', { url: 'https://planted-user:planted-word@receiver.example.test' }],
    ['an endless URL', { url: `https://receiver.example.test/${'x'.repeat(2_048)}` }],
    ['an unknown event', { url: URL_OF_ONE, events: ['providers.exploded'] }],
    ['an event twice', { url: URL_OF_ONE, events: Array(2).fill('providers.status-changed') }],
    ['a name that is none', { url: URL_OF_ONE, providers: ['Not A Slug'] }],
    ['too many tags', { url: URL_OF_ONE, tags: Array.from({ length: 101 }, (_, index) => `t${index}`) }],
    ['a secret of its own', { url: URL_OF_ONE, secret: 'whsec_planted-word' }],
    ['metadata of a cloud', { url: 'http://169.254.169.254/latest' }],
    ['metadata of a cloud in another spelling', { url: 'http://[::ffff:a9fe:a9fe]/latest' }],
    ['a list', []],
  ])('refuses %s, and adds and changes nothing', async (_case, body) => {
    const { id } = await world.aWebhook(app, URL_OF_ONE);
    const before = await get(id);
    for (const answer of [await world.hook(app, 'POST', '', body), await patch(id, body)]) {
      expect([answer.status, answer.body['type']]).toEqual([400, 'validation-failed']);
      expect(answer.text).not.toContain('planted-word');
    }
    expect((await world.hook(app, 'GET')).body).toEqual({ items: [before], nextCursor: null });
    expect(await world.events(app, id)).toHaveLength(1);
  });

  it('goes to https and public addresses only, where nothing else is allowed', async () => {
    const strict = await world.start({ allowPrivate: false });
    const { id } = await world.aWebhook(app, URL_OF_ONE);
    for (const url of [
      ...['http://receiver.example.test', 'https://127.0.0.1', 'https://10.0.0.8/hook', 'https://0x7f.1'],
      ...['https://[::1]', 'https://[::ffff:127.0.0.1]', 'https://2130706433'],
    ])
      for (const answer of [
        await world.hook(strict, 'POST', '', { url }),
        await world.hook(strict, 'PATCH', `/${id}`, { url }),
      ])
        expect([url, answer.status, answer.body['type']]).toEqual([url, 400, 'validation-failed']);
    expect((await world.hook(strict, 'POST', '', { url: URL_OF_ONE })).status).toBe(201);
    expect(await get(id)).toMatchObject({ url: URL_OF_ONE });
    await world.stop(strict);
  }, 60_000);

  it('changes what the body has, and says in the trail what it was', async () => {
    const { id } = await world.aWebhook(app, URL_OF_ONE, { tags: ['eu'] });
    const before = await get(id);
    const change = { url: 'https://other.example.test/planted-path', tags: [], enabled: false };
    expect((await patch(id, change)).body).toEqual({ ...before, ...change, disabledBy: 'operator' });
    expect(await get(id)).toEqual({ ...before, ...change, disabledBy: 'operator' });
    await patch(id, change);
    await patch(id, { enabled: true });
    expect(await get(id)).toEqual({ ...before, ...change, enabled: true });
    expect((await world.hook(app, 'DELETE', `/${id}`)).status).toBe(204);
    const events = await world.events(app, id);
    const by = { category: 'admin', actor: { type: 'user', id: 'admin' }, target: { type: 'webhook', id } };
    expect(events).toMatchObject([
      { ...by, action: 'webhook.created', details: { origin: 'https://receiver.example.test' } },
      {
        ...{ ...by, action: 'webhook.changed' },
        details: {
          ...{ changed: ['url', 'enabled', 'tags'], enabled: false },
          origin: 'https://other.example.test',
        },
      },
      { ...by, action: 'webhook.changed', details: { changed: ['enabled'], enabled: true } },
      { ...by, action: 'webhook.deleted' },
    ]);
    expect(JSON.stringify(events)).not.toContain('planted-path');
  });

  it('is for whoever may, and knows who is not there', async () => {
    const { id } = await world.aWebhook(app, URL_OF_ONE);
    const delivery = uuidv7();
    const writes = [
      ...[['POST', ''] as const, ['PATCH', `/${id}`] as const, ['DELETE', `/${id}`] as const],
      ...[['POST', `/${id}/rotate-secret`] as const, ['POST', `/${id}/test`] as const],
      ['POST', `/${id}/deliveries/${delivery}/retry`] as const,
    ];
    for (const as of ['user', 'viewer', 'guest'])
      for (const [method, path] of writes)
        expect([path, (await world.hook(app, method, path, { url: URL_OF_ONE }, as)).status]).toEqual([
          path,
          403,
        ]);
    const reads = ['', `/${id}`, `/${id}/deliveries`];
    const statuses = async (as: string) =>
      Promise.all(reads.map(async (path) => (await world.hook(app, 'GET', path, undefined, as)).status));
    expect([await statuses('viewer'), await statuses('guest')]).toEqual([
      [200, 200, 200],
      [403, 403, 403],
    ]);
    expect((await world.hook(app, 'GET')).body['items']).toHaveLength(1);
    const nobody = uuidv7();
    for (const [method, path] of [
      ...[
        ['GET', ''] as const,
        ['PATCH', ''] as const,
        ['DELETE', ''] as const,
        ['GET', '/deliveries'] as const,
      ],
      ...[['POST', '/rotate-secret'] as const, ['POST', '/test'] as const],
      ['POST', `/deliveries/${delivery}/retry`] as const,
    ]) {
      const body = method === 'PATCH' ? { enabled: false } : undefined;
      const { status, body: answer } = await world.hook(app, method, `/${nobody}${path}`, body);
      expect([path, status, answer['type']]).toEqual([path, 404, 'unknown-webhook']);
      expect((await world.hook(app, method, `/not-an-id${path}`, body)).status).toBe(400);
    }
    const retried = await world.hook(app, 'POST', `/${id}/deliveries/${delivery}/retry`);
    expect([retried.status, retried.body['type']]).toEqual([404, 'unknown-delivery']);
  }, 60_000);

  it('does not send again the delivery of another webhook', async () => {
    const receiver = await world.aReceiver();
    const [one, other] = [await world.aWebhook(app, receiver.url), await world.aWebhook(app, receiver.url)];
    const delivery = await ping(one.id);
    const answer = await world.hook(app, 'POST', `/${other.id}/deliveries/${String(delivery['id'])}/retry`);
    expect([answer.status, answer.body['type']]).toEqual([404, 'unknown-delivery']);
    expect(await world.deliveries(app, one.id)).toMatchObject([{ attempts: 1 }]);
  }, 60_000);

  it('signs by the old secret too for a day, and by three at most', async () => {
    const receiver = await world.aReceiver();
    const made = await world.aWebhook(app, receiver.url);
    const secrets = [made.secret];
    const rotate = async () => {
      const { body } = await world.hook(app, 'POST', `/${made.id}/rotate-secret`);
      const left = Date.parse(body['previousUntil'] as string) - Date.now();
      expect(Math.abs(left - 86_400_000)).toBeLessThan(60_000);
      secrets.push(body['secret'] as string);
    };
    const accepting = async () => {
      await ping(made.id);
      const last = receiver.received.at(-1)!;
      return secrets.map((secret) => verifies(last, secret));
    };
    await rotate();
    expect(await accepting()).toEqual([true, true]);
    await world.query(app, `UPDATE webhook_secret SET expires_at = now() WHERE expires_at IS NOT NULL`);
    expect(await accepting()).toEqual([false, true]);
    for (let count = 0; count < 3; count++) await rotate();
    expect(await accepting()).toEqual([false, false, true, true, true]);
    expect(await world.query(app, 'SELECT id FROM webhook_secret')).toHaveLength(3);
    const rotations = Array.from({ length: 5 }, () => rotate());
    await Promise.all(rotations);
    expect(await world.query(app, 'SELECT id FROM webhook_secret WHERE expires_at IS NULL')).toHaveLength(1);
    expect(await world.query(app, 'SELECT id FROM webhook_secret')).toHaveLength(3);
  }, 60_000);

  it('is sealed anew while the service runs, and sends nothing unsigned when it cannot be opened', async () => {
    const receiver = await world.aReceiver();
    const { id, secret } = await world.aWebhook(app, receiver.url);
    const resealer = new WebhookSecretResealer(new WebhookSecretRepository(app.get(DataSource)));
    expect(await resealer.resealAll([OTHER, OURS])).toMatchObject({ resealed: 1, unreadable: 0 });
    expect(await resealer.resealAll([OTHER])).toMatchObject({ resealed: 0, current: 1 });
    expect(await ping(id)).toMatchObject({ status: 'pending', lastReason: 'secret unreadable' });
    expect(receiver.connections).toBe(0);
    expect(await resealer.resealAll([OURS, OTHER])).toMatchObject({ resealed: 1 });
    await world.makeDue(app, id);
    await world.whenAll(app, id, ({ status }) => status === 'delivered');
    expect(receiver.received.map((webhook) => verifies(webhook, secret))).toEqual([true]);
    await world.aWebhook(app, receiver.url);
    await world.query(
      app,
      `UPDATE webhook_secret SET sealed = other.sealed FROM webhook_secret AS other WHERE other.id <> webhook_secret.id`,
    );
    expect(await ping(id)).toMatchObject({ status: 'pending', lastReason: 'secret unreadable' });
  }, 60_000);

  it('is listed page by page, as are its deliveries', async () => {
    const receiver = await world.aReceiver();
    const made: string[] = [];
    for (let count = 0; count < 5; count++) made.push((await world.aWebhook(app, receiver.url)).id);
    const [id] = made;
    const sent: string[] = [];
    for (let count = 0; count < 5; count++) sent.push(String((await ping(id!))['id']));
    await world.query(app, `UPDATE webhook_delivery SET status = 'failed' WHERE id = $1`, [sent[2]]);
    const pages = async (path: string) => {
      const ids: string[] = [];
      let cursor: unknown = undefined;
      do {
        const query: string = typeof cursor === 'string' ? `&cursor=${cursor}` : '';
        const { body } = await world.hook(app, 'GET', `${path}?limit=2${query}`);
        const items = body['items'] as { id: string }[];
        expect(items.length).toBeLessThanOrEqual(2);
        ids.push(...items.map((item) => item.id));
        cursor = body['nextCursor'];
      } while (cursor !== null);
      return ids;
    };
    expect(await pages('')).toEqual(made);
    expect(await pages(`/${id}/deliveries`)).toEqual(sent.toReversed());
    const failed = await world.hook(app, 'GET', `/${id}/deliveries?status=failed`);
    expect(failed.body['items']).toMatchObject([{ id: sent[2], status: 'failed' }]);
    const foreign = Buffer.from('k:nobody').toString('base64url');
    for (const query of ['?cursor=nonsense', `?cursor=${foreign}`, '?limit=0', '?colour=red'])
      for (const path of ['', `/${id}/deliveries`])
        expect((await world.hook(app, 'GET', path + query)).status).toBe(400);
    expect((await world.hook(app, 'GET', `/${id}/deliveries?status=lost`)).status).toBe(400);
  }, 60_000);

  it('loses none of many changes at once', async () => {
    const { id } = await world.aWebhook(app, URL_OF_ONE);
    const changes = [
      { description: 'nine' },
      { tags: ['nine'] },
      { providers: ['nine'] },
      { enabled: false },
    ];
    await Promise.all(changes.map((change) => patch(id, change)));
    expect(await get(id)).toMatchObject(Object.assign({}, ...changes) as object);
    expect(await world.events(app, id)).toHaveLength(5);
  });

  it('stops at 200, also when many are added at once', async () => {
    await world.query(
      app,
      `INSERT INTO webhook (id, url, description, enabled, disabled_by, events, providers, tags)
       SELECT gen_random_uuid(), $1, '', false, 'operator', '{}', '{}', '{}' FROM generate_series(1, 198)`,
      [URL_OF_ONE],
    );
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => world.hook(app, 'POST', '', { url: URL_OF_ONE })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409, 409, 409, 409]);
    expect(answers.find(({ status }) => status === 409)?.body['type']).toBe('too-many-webhooks');
  });
});
