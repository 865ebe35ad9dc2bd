import { once } from 'node:events';
import type { StatusChange, WebhookDelivery } from '@gatehouse/provider-health-contracts';
import { Client } from 'pg';
import type { KillablePostgres } from '../../tools/testing/killable-postgres.mjs';
import { eventually, eventuallyHolds } from '../support/eventually.js';
import { verifies, WebhookReceiver } from '../support/webhook-receiver.js';
import { ProviderFleet } from './provider-fleet.js';
import { startPostgres } from './stoppable-postgres.js';

const WEBHOOKS = '/v1/providers/webhooks';

describe('webhooks', () => {
  let postgres: KillablePostgres;
  let fleet: ProviderFleet;
  let receiver: WebhookReceiver;
  let webhook: { id: string; secret: string };

  beforeAll(async () => {
    postgres = await startPostgres();
    fleet = await ProviderFleet.start(postgres);
    await fleet.replica();
  });
  beforeEach(async () => {
    receiver = await WebhookReceiver.open();
    const made = await fleet.call<typeof webhook>('POST', WEBHOOKS, { url: receiver.url });
    webhook = made.body;
  });
  afterEach(async () => {
    await fleet.call('DELETE', `${WEBHOOKS}/${webhook.id}`);
    await receiver.close();
  });
  afterAll(() => fleet.stop());

  const test = () => fleet.call('POST', `${WEBHOOKS}/${webhook.id}/test`);
  const deliveries = async () =>
    (await fleet.call<{ items: WebhookDelivery[] }>('GET', `${WEBHOOKS}/${webhook.id}/deliveries?limit=200`))
      .body.items;
  /** As if the minute of each lease, and the wait for each retry, were over. */
  const endWaits = async () => {
    const client = new Client({ connectionString: fleet.database.url });
    await client.connect();
    await client.query(`UPDATE webhook_delivery SET due_at = now() WHERE status = 'pending'`);
    await client.end();
  };
  /** The receiver takes a request and says nothing until it is told what. */
  const holdAnswers = () => {
    const held: ((status: number) => void)[] = [];
    receiver.answer = (response) => held.push((status) => response.writeHead(status).end());
    return held;
  };
  const takeAll = () => (receiver.answer = (response) => response.writeHead(204).end());
  const isDelivered = (attempts: number) =>
    eventuallyHolds(async () =>
      expect(await deliveries()).toMatchObject([{ status: 'delivered', attempts }]),
    );
  const idsReceived = () => receiver.received.map(({ id }) => id);

  it('are sent by another replica, with the same id, when one is killed while it sends', async () => {
    const held = holdAnswers();
    await test();
    await eventually('it is under way', () => held.length === 1);
    await fleet.replaceReplica();
    takeAll();
    await endWaits();
    await isDelivered(2);
    const [id] = idsReceived();
    expect(idsReceived()).toEqual([id, id]);
    expect(receiver.received.map((each) => verifies(each, webhook.secret))).toEqual([true, true]);
  });

  it('stay delivered when a replica that was paused comes back with a failure', async () => {
    const held = holdAnswers();
    await test();
    await eventually('it is under way', () => held.length === 1);
    const [paused] = fleet.replicas.splice(0);
    paused?.pause();
    held[0]?.(500);
    await fleet.replica();
    takeAll();
    await endWaits();
    await isDelivered(2);
    if (paused !== undefined) {
      fleet.replicas.push(paused);
      paused.resume();
      await paused.whenReady();
    }
    // What it sends after that is written down after what it had in hand.
    await test();
    await eventuallyHolds(async () =>
      expect(await deliveries()).toMatchObject([
        { status: 'delivered' },
        { status: 'delivered', attempts: 2 },
      ]),
    );
  });

  it('are sent again when PostgreSQL was away as they were delivered', async () => {
    const [held, connections] = [holdAnswers(), receiver.connected];
    await test();
    await eventually('it is under way', () => held.length === 1);
    const [connection] = connections;
    const isRead = once(connection!, 'close');
    await postgres.stop();
    held[0]?.(204);
    await isRead;
    takeAll();
    await postgres.start();
    await eventually('it is still pending', async () => (await deliveries())[0]?.status === 'pending');
    await endWaits();
    await isDelivered(2);
    expect(new Set(idsReceived()).size).toBe(1);
  });

  it('miss no change while replicas are killed and the receiver fails', async () => {
    let asked = 0;
    receiver.answer = (response) => response.writeHead(asked++ % 3 === 0 ? 503 : 204).end();
    await fleet.replica();
    const names = ['first', 'second', 'third'];
    for (const name of names) await fleet.create(name);
    for (let round = 0; round < 6; round++) {
      const status = round % 2 === 0 ? 'unhealthy' : 'healthy';
      await Promise.all(names.map((name) => fleet.call('POST', `/v1/providers/${name}/marks`, { status })));
      if (round % 2 === 0) await fleet.replaceReplica();
    }
    for (const name of names)
      await eventually('all is written down', async () => (await fleet.historyOf(name)).length === 6);
    await eventually('all is delivered', async () => {
      await endWaits();
      return (await deliveries()).every(({ status }) => status === 'delivered');
    });
    const changes = receiver.of('providers.status-changed').map(({ payload }) => payload.data);
    for (const name of names) {
      const told = changes.filter(({ provider }) => provider === name).map(({ version }) => version);
      const recorded: StatusChange[] = await fleet.historyOf(name);
      expect([...new Set(told)].sort()).toEqual(recorded.map(({ version }) => version));
    }
    // An id stands for one message, however often it came.
    const bodies = new Map(receiver.received.map(({ id, body }) => [id, body]));
    for (const { id, body } of receiver.received) expect(bodies.get(id)).toBe(body);
    expect(bodies.size).toBe((await deliveries()).length);
  });
});
