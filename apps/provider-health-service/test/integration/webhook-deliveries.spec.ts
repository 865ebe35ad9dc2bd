import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { v7 as uuidv7 } from 'uuid';
import { eventually } from '../../../../test/support/eventually.js';
import { TransitionAnnouncer } from '../../src/events/transition.announcer.js';
import { WebhookDeliveryHousekeeper } from '../../src/webhooks/webhook-delivery.housekeeper.js';
import { WebhookDeliveryRepository } from '../../src/webhooks/webhook-delivery.repository.js';
import { WebhookPublisher } from '../../src/webhooks/webhook.publisher.js';
import { verifies } from '../../../../test/support/webhook-receiver.js';
import { WebhookWorld } from './webhook-world.js';

const delivered = ({ status }: Record<string, unknown>) => status === 'delivered';
const tried = ({ attempts, lastReason }: Record<string, unknown>) => attempts === 1 && lastReason !== null;

describe('deliveries of webhooks', () => {
  const world = new WebhookWorld();
  let app: NestFastifyApplication;

  beforeAll(async () => {
    await world.open();
    app = await world.start();
  }, 60_000);
  afterEach(async () => {
    await world.query(app, 'DELETE FROM webhook');
    await world.closeReceivers();
  });
  afterAll(() => world.close(), 60_000);

  const repository = () => app.get(WebhookDeliveryRepository, { strict: false });

  it('tells of a change that somebody made, signed, and what began and ended with it', async () => {
    const receiver = await world.aReceiver();
    const { id, secret } = await world.aWebhook(app, receiver.url);
    const provider = await world.aProvider(app);
    for (const status of ['unhealthy', 'healthy']) {
      const body = { status };
      await world.call(app, 'POST', `/v1/providers/${provider}/marks`, { body });
    }
    const deliveries = await eventually('all are delivered', async () => {
      const found = await world.deliveries(app, id);
      return found.length === 4 && found.every(delivered) ? found : undefined;
    });
    for (const webhook of receiver.received) {
      expect(verifies(webhook, secret)).toBe(true);
      expect(webhook.headers['content-type']).toBe('application/json');
    }
    const ids = receiver.received.map((webhook) => webhook.id);
    expect(ids.sort()).toEqual(deliveries.map((delivery) => delivery['id']).sort());
    const [opened, resolved] = ['opened', 'resolved'].map(
      (what) => receiver.of(`providers.incident-${what}`)[0]?.payload.data,
    );
    expect(opened).toMatchObject({ provider, severity: 'unhealthy', closedAt: null });
    expect(resolved).toMatchObject({ id: opened?.['id'], closedAt: expect.any(String) as string });
    const changes = receiver.of('providers.status-changed').map(({ payload }) => payload);
    changes.sort((one, other) => Number(one.data['version']) - Number(other.data['version']));
    expect(changes.map(({ data }) => data)).toMatchObject([
      { provider, from: 'healthy', to: 'unhealthy', version: 1, reason: 'marked', incident: opened },
      { provider, from: 'unhealthy', to: 'healthy', version: 2, incident: resolved },
    ]);
    expect(changes[0]?.timestamp).toBe(changes[0]?.data['at']);
  }, 60_000);

  it('tries again until the receiver is there, with the same id, and delivers it once', async () => {
    const receiver = await world.aReceiver();
    receiver.answer = (response) => response.writeHead(503, { 'retry-after': '60' }).end('planted-answer');
    const { id } = await world.aWebhook(app, receiver.url, { events: ['providers.status-changed'] });
    await world.change(app, 'flaky');
    const [waiting] = await world.whenAll(app, id, tried);
    expect(waiting).toMatchObject({ status: 'pending', lastStatus: 503, lastReason: 'answered 503' });
    const wait = Date.parse(waiting?.['nextAttemptAt'] as string) - Date.now();
    expect(wait).toBeGreaterThan(30_000);
    expect(JSON.stringify(waiting)).not.toContain('planted');
    receiver.answer = (response) => response.writeHead(200).end();
    await world.makeDue(app, id);
    const [done] = await world.whenAll(app, id, delivered);
    expect(done).toMatchObject({ attempts: 2, lastStatus: 200, lastReason: null, nextAttemptAt: null });
    expect(receiver.received.map((webhook) => webhook.id)).toEqual([done?.['id'], done?.['id']]);
  }, 60_000);

  it('gives up after the last attempt, and sends it again when somebody asks', async () => {
    const receiver = await world.aReceiver();
    receiver.answer = (response) => response.writeHead(500).end();
    const { id } = await world.aWebhook(app, receiver.url, { events: ['providers.status-changed'] });
    await world.change(app, 'given-up');
    await world.whenAll(app, id, tried);
    await world.query(
      app,
      'UPDATE webhook_delivery SET tries = 9, attempts = 9, due_at = now() WHERE webhook = $1',
      [id],
    );
    const [failed] = await world.whenAll(app, id, ({ status }) => status === 'failed');
    expect(failed).toMatchObject({ attempts: 10, lastStatus: 500, nextAttemptAt: null });
    receiver.answer = (response) => response.writeHead(204).end();
    const path = `/${id}/deliveries/${String(failed?.['id'])}/retry`;
    const retried = await world.hook(app, 'POST', path);
    expect([retried.status, retried.body['id']]).toEqual([202, failed?.['id']]);
    await world.whenAll(app, id, delivered);
    await world.hook(app, 'POST', path);
    await eventually('what was delivered came again', () => receiver.received.length === 4);
    expect(new Set(receiver.received.map((webhook) => webhook.id)).size).toBe(1);
  }, 60_000);

  /** An attempt of a replica of which nothing is heard any more. */
  const anAttempt = async (webhook: string) => {
    const delivery = { id: uuidv7(), webhook, event: 'ping' as const, payload: '{"type":"ping"}' };
    await world.query(
      app,
      `INSERT INTO webhook_delivery (id, webhook, event, payload, attempts, tries, leased, due_at)
       VALUES ($1, $2, $3, $4, 1, 1, true, now() + interval '1 hour')`,
      Object.values(delivery),
    );
    return { ...delivery, attempts: 1, tries: 1 };
  };

  it('is taken up anew after the lease, and what comes late of the first attempt changes nothing', async () => {
    const receiver = await world.aReceiver();
    const { id } = await world.aWebhook(app, receiver.url);
    const lost = await anAttempt(id);
    await world.makeDue(app, id);
    const [done] = await world.whenAll(app, id, delivered);
    expect(done).toMatchObject({ id: lost.id, attempts: 2 });
    expect(receiver.received.map((webhook) => webhook.id)).toEqual([lost.id]);
    expect(await repository().failed(lost, { status: 500, reason: 'late' }, 5_000)).toBeUndefined();
    await repository().release(lost);
    expect(await repository().delivered(lost, 200)).toBe(false);
    expect(await world.deliveries(app, id)).toEqual([done]);
  }, 60_000);

  it('leaves what is under way when somebody asks for it again, and begins the schedule anew', async () => {
    const receiver = await world.aReceiver();
    const { id } = await world.aWebhook(app, receiver.url);
    const attempt = await anAttempt(id);
    await world.hook(app, 'POST', `/${id}/deliveries/${attempt.id}/retry`);
    expect(await world.deliveries(app, id)).toMatchObject([{ status: 'pending', attempts: 1 }]);
    expect(await repository().failed(attempt, { status: 500, reason: 'last' }, undefined)).toBe('pending');
    await world.whenAll(app, id, delivered);
  }, 60_000);

  it('is sent by one of several replicas, as often as there are deliveries', async () => {
    const receiver = await world.aReceiver();
    const others = [await world.start(), await world.start()];
    const { id } = await world.aWebhook(app, receiver.url, { events: ['providers.status-changed'] });
    for (let count = 0; count < 20; count++) await world.change(app, 'shared');
    const deliveries = await world.whenAll(app, id, delivered);
    expect(deliveries).toHaveLength(20);
    expect(deliveries.every(({ attempts }) => attempts === 1)).toBe(true);
    expect(receiver.received).toHaveLength(20);
    for (const other of others) await world.stop(other);
  }, 90_000);

  it('lets a slow receiver hold up nobody else, and takes no more than a few of its connections', async () => {
    const [slow, quick] = [await world.aReceiver(), await world.aReceiver()];
    slow.answer = () => {};
    const events = ['providers.status-changed'];
    const hanging = await world.aWebhook(app, slow.url, { events });
    const { id } = await world.aWebhook(app, quick.url, { events });
    for (let count = 0; count < 10; count++) await world.change(app, 'both');
    await world.whenAll(app, id, delivered);
    expect(quick.received).toHaveLength(10);
    await eventually('as many as may are under way', () => slow.received.length === 4);
    expect(slow.connections).toBe(4);
    expect(await world.deliveries(app, hanging.id)).toHaveLength(10);
  }, 60_000);

  it('stops when its receiver says 410, and goes on when it is enabled again', async () => {
    const receiver = await world.aReceiver();
    receiver.answer = (response) => response.writeHead(410).end();
    const { id } = await world.aWebhook(app, receiver.url, { events: ['providers.status-changed'] });
    await world.change(app, 'gone');
    await eventually('it is disabled', async () => {
      const { body } = await world.hook(app, 'GET', `/${id}`);
      return body['enabled'] === false && body['disabledBy'] === 'receiver';
    });
    await world.change(app, 'gone');
    await world.makeDue(app, id);
    const [waiting, ...others] = await world.whenAll(app, id, tried);
    expect([waiting?.['lastStatus'], others]).toEqual([410, []]);
    expect(await world.events(app, id)).toMatchObject([
      { action: 'webhook.created' },
      { action: 'webhook.disabled', reason: 'gone', actor: { type: 'system' } },
    ]);
    for (const path of [`/${id}/test`, `/${id}/deliveries/${String(waiting?.['id'])}/retry`])
      expect((await world.hook(app, 'POST', path)).body).toMatchObject({
        ...{ status: 409, type: expect.stringContaining('webhook-disabled') as string },
      });
    receiver.answer = (response) => response.writeHead(204).end();
    await world.hook(app, 'PATCH', `/${id}`, { enabled: true });
    await world.makeDue(app, id);
    expect(await world.whenAll(app, id, delivered)).toHaveLength(1);
  }, 60_000);

  it('is not disabled by what an earlier URL answered', async () => {
    const [old, next] = [await world.aReceiver(), await world.aReceiver()];
    const answers: (() => void)[] = [];
    old.answer = (response) => answers.push(() => response.writeHead(410).end());
    const { id } = await world.aWebhook(app, old.url, { events: ['providers.status-changed'] });
    await world.change(app, 'moved');
    await eventually('the old one was asked', () => answers.length === 1);
    await world.hook(app, 'PATCH', `/${id}`, { url: next.url });
    answers[0]?.();
    await world.whenAll(app, id, tried);
    await world.makeDue(app, id);
    await world.whenAll(app, id, delivered);
    expect((await world.hook(app, 'GET', `/${id}`)).body).toMatchObject({ enabled: true });
    expect(next.received).toHaveLength(1);
  }, 60_000);

  it('is deleted while it delivers, and nothing is left', async () => {
    const receiver = await world.aReceiver();
    const answers: (() => void)[] = [];
    receiver.answer = (response) => answers.push(() => response.writeHead(500).end());
    const { id } = await world.aWebhook(app, receiver.url);
    await world.hook(app, 'POST', `/${id}/test`);
    await eventually('it was asked', () => answers.length === 1);
    expect((await world.hook(app, 'DELETE', `/${id}`)).status).toBe(204);
    answers[0]?.();
    const other = await world.aReceiver();
    const { id: next } = await world.aWebhook(app, other.url);
    await world.hook(app, 'POST', `/${next}/test`);
    await world.whenAll(app, next, delivered);
    expect(await world.query(app, 'SELECT id FROM webhook_delivery WHERE webhook <> $1', [next])).toEqual([]);
    expect(await world.query(app, 'SELECT id FROM webhook_secret WHERE webhook <> $1', [next])).toEqual([]);
  }, 60_000);

  it('loses no change while webhooks are added, changed and deleted', async () => {
    const receiver = await world.aReceiver();
    const { id } = await world.aWebhook(app, receiver.url, { events: ['providers.status-changed'] });
    const shuffle = async () => {
      for (let count = 0; count < 10; count++) {
        const made = await world.aWebhook(app, receiver.url, { events: ['providers.incident-resolved'] });
        await world.hook(app, 'PATCH', `/${made.id}`, { tags: ['eu'] });
        expect((await world.hook(app, 'DELETE', `/${made.id}`)).status).toBe(204);
      }
    };
    const changes = async () => {
      for (let count = 0; count < 40; count++) await world.change(app, 'busy');
    };
    await Promise.all([shuffle(), shuffle(), changes()]);
    expect(await world.whenAll(app, id, delivered)).toHaveLength(40);
  }, 90_000);

  it('is given back at once when a replica stops in the middle', async () => {
    const receiver = await world.aReceiver();
    receiver.answer = () => {};
    const { id } = await world.aWebhook(app, receiver.url);
    await world.hook(app, 'POST', `/${id}/test`);
    await eventually('it was asked', () => receiver.received.length === 1);
    await world.stop(app);
    receiver.answer = (response) => response.writeHead(204).end();
    app = await world.start();
    expect(await world.whenAll(app, id, delivered)).toMatchObject([{ attempts: 2 }]);
    const ids = receiver.received.map((webhook) => webhook.id);
    expect(ids).toEqual([ids[0], ids[0]]);
  }, 90_000);

  it('follows no redirect', async () => {
    const [receiver, other] = [await world.aReceiver(), await world.aReceiver()];
    receiver.answer = (response) => response.writeHead(307, { location: other.url }).end();
    const { id } = await world.aWebhook(app, receiver.url);
    await world.hook(app, 'POST', `/${id}/test`);
    expect(await world.whenAll(app, id, tried)).toMatchObject([{ event: 'ping', lastStatus: 307 }]);
    expect(other.connections).toBe(0);
  }, 60_000);

  it('reaches no address of an own network where it may not, by whatever name', async () => {
    const receiver = await world.aReceiver();
    const { id } = await world.aWebhook(app, receiver.url.replace('127.0.0.1', 'localhost'));
    await world.hook(app, 'PATCH', `/${id}`, { enabled: false });
    await world.query(
      app,
      `INSERT INTO webhook_delivery (id, webhook, event, payload) VALUES ($1, $2, 'ping', '{}')`,
      [...[uuidv7(), id]],
    );
    // Only the strict one is there to take it up.
    await world.stop(app);
    app = await world.start({ allowPrivate: false });
    await world.query(app, 'UPDATE webhook SET enabled = true, disabled_by = NULL');
    expect(await world.whenAll(app, id, tried)).toMatchObject([{ lastStatus: null, lastReason: 'address' }]);
    expect(receiver.connections).toBe(0);
    await world.stop(app);
    app = await world.start();
  }, 90_000);

  it('tells of nothing that is rolled back', async () => {
    const receiver = await world.aReceiver();
    const { id } = await world.aWebhook(app, receiver.url);
    const announcer = app.get(TransitionAnnouncer, { strict: false });
    const announce = announcer.announce.bind(announcer);
    announcer.announce = async (manager, change) => {
      await announce(manager, change);
      await app.get(WebhookPublisher, { strict: false }).publish(manager, change, undefined);
      throw new Error('rolled back');
    };
    await expect(world.change(app, 'undone')).rejects.toThrow('rolled back');
    announcer.announce = announce;
    expect(await world.deliveries(app, id)).toEqual([]);
    await world.hook(app, 'POST', `/${id}/test`);
    await world.whenAll(app, id, delivered);
    expect(receiver.received.map(({ payload }) => payload.type)).toEqual(['ping']);
  }, 60_000);

  it('tells each webhook of what it wants', async () => {
    const tagged = await world.aProvider(app, { tags: ['eu'] });
    const plain = await world.aProvider(app);
    const told = async (more: object) => {
      const receiver = await world.aReceiver();
      const { id } = await world.aWebhook(app, receiver.url, more);
      return { id, receiver };
    };
    const all = await told({});
    const byName = await told({ providers: [plain], events: ['providers.status-changed'] });
    const byTag = await told({ tags: ['eu', 'us'], events: ['providers.incident-opened'] });
    const none = await told({ providers: ['another'] });
    const disabled = await told({ enabled: false });
    for (const provider of [tagged, plain]) await world.change(app, provider);
    for (const { id } of [all, byName, byTag]) await world.whenAll(app, id, delivered);
    const seen = ({ receiver }: typeof all) =>
      receiver.received.map(({ payload }) => `${payload.type} ${String(payload.data['provider'])}`).sort();
    const [changed, opened] = ['providers.status-changed', 'providers.incident-opened'];
    expect(seen(all)).toEqual(
      [tagged, plain].flatMap((name) => [`${changed} ${name}`, `${opened} ${name}`]).sort(),
    );
    expect(seen(byName)).toEqual([`${changed} ${plain}`]);
    expect(seen(byTag)).toEqual([`${opened} ${tagged}`]);
    for (const { id } of [none, disabled]) expect(await world.deliveries(app, id)).toEqual([]);
  }, 60_000);

  it('says that the incident of a provider that is deleted has ended', async () => {
    const receiver = await world.aReceiver();
    const { id } = await world.aWebhook(app, receiver.url, { tags: ['eu'] });
    const provider = await world.aProvider(app, { tags: ['eu'] });
    const healthy = await world.aProvider(app, { tags: ['eu'] });
    await world.change(app, provider);
    for (const name of [provider, healthy])
      expect((await world.call(app, 'DELETE', `/v1/providers/${name}`)).status).toBe(204);
    expect(await world.whenAll(app, id, delivered)).toHaveLength(3);
    const [opened, resolved] = ['opened', 'resolved'].map(
      (what) => receiver.of(`providers.incident-${what}`)[0]?.payload,
    );
    expect(resolved?.data).toMatchObject({ id: opened?.data['id'], provider });
    expect(resolved?.timestamp).toBe(resolved?.data['closedAt']);
  }, 60_000);

  it('keeps the log for 30 days, and what is to be sent for ever', async () => {
    const receiver = await world.aReceiver();
    receiver.answer = (response) => response.writeHead(500).end();
    const { id } = await world.aWebhook(app, receiver.url);
    for (let count = 0; count < 3; count++) await world.hook(app, 'POST', `/${id}/test`);
    const [newest, middle, oldest] = await world.whenAll(app, id, tried);
    const age = (delivery: typeof newest, days: number, status: string) =>
      world.query(
        app,
        `UPDATE webhook_delivery SET created_at = now() - interval '1 day' * $2, status = $3 WHERE id = $1`,
        [delivery?.['id'], days, status],
      );
    await age(newest, 29, 'delivered');
    await age(middle, 31, 'failed');
    await age(oldest, 31, 'pending');
    const housekeeper = app.get(WebhookDeliveryHousekeeper, { strict: false });
    await housekeeper.tidy();
    const left = async () => (await world.deliveries(app, id)).map((delivery) => delivery['id']);
    expect(await left()).toEqual([newest?.['id'], oldest?.['id']]);
    await world.hook(app, 'PATCH', `/${id}`, { enabled: false });
    await housekeeper.tidy();
    expect(await left()).toEqual([newest?.['id']]);
  }, 60_000);

  it('is told of in the metrics', async () => {
    const receiver = await world.aReceiver();
    receiver.answer = (response) => response.writeHead(500).end();
    const { id } = await world.aWebhook(app, receiver.url);
    await world.hook(app, 'POST', `/${id}/test`);
    await world.whenAll(app, id, tried);
    await world.query(app, `UPDATE webhook_delivery SET created_at = now() - interval '1 hour'`);
    const metric = async (name: string) => {
      const { text } = await world.call(app, 'GET', '/metrics');
      const line = text
        .split('\n')
        .find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`));
      return Number(line?.split(' ').at(-1));
    };
    const of = (outcome: string) => metric(`gatehouse_webhook_deliveries_total{outcome="${outcome}"}`);
    expect(await metric('gatehouse_webhook_deliveries_pending')).toBe(1);
    expect(await metric('gatehouse_webhook_deliveries_oldest_age_seconds')).toBeGreaterThan(3_590);
    const before = await of('delivered');
    receiver.answer = (response) => response.writeHead(204).end();
    await world.makeDue(app, id);
    await world.whenAll(app, id, delivered);
    await eventually('it is counted', async () => (await of('delivered')) === before + 1);
    expect(await metric('gatehouse_webhook_deliveries_pending')).toBe(0);
  }, 60_000);
});
