import { eventually } from '../support/eventually.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, idsOf, messages } from './messages.js';
import { expectEmptyStreams, expectEnded, expectHandledOnce } from './oracle.js';
import { scale } from './scale.js';

const EVENTS = scale(200, 2_000);
/** With their copies fewer than two replicas have at work at once. */
const REQUESTS = 50;

describe('a message that comes twice with the same id', () => {
  const world = new FaultWorld();
  let client: Child;
  let other: Child;
  beforeAll(async () => {
    [client, other] = await Promise.all([
      world.client(),
      world.client(),
      ...['audit', 'audit', 'auth'].map((service) => world.service(service)),
    ]);
  });
  afterAll(() => world.end());

  it('is handled once by each service whose handler is idempotent', async () => {
    const events = messages('event', EVENTS, { pattern: 'providers.noted-once' });
    await Promise.all([client, other].map((each) => each.call('emit', { messages: events })));
    await client.call('emit', { messages: events });
    await expectEmptyStreams(world, ['{providers}:events']);
    for (const service of ['audit', 'auth']) {
      await expectHandledOnce(world, service, events);
      expect(idsOf(await world.ledger.runsOf(service))).toEqual(idsOf(events));
    }
  });

  it('changes something once where the handler is not, for it goes by the id', async () => {
    const events = messages('again', EVENTS);
    await client.call('emit', { messages: [...events, ...events] });
    await expectEmptyStreams(world, ['{providers}:events']);
    const again = (ids: string[]) => ids.filter((id) => id.startsWith('again'));
    for (const service of ['audit', 'auth']) {
      expect(again(await world.ledger.effectsOf(service))).toEqual(idsOf(events));
      expect(again(idsOf(await world.ledger.runsOf(service)))).toEqual(idsOf([...events, ...events]));
    }
  });

  it('is answered twice and handled once, also when the first is still at work', async () => {
    const requests = messages('request', REQUESTS, { pattern: 'audit.note-once', gate: 'work' });
    const ids = idsOf(requests);
    const runs = async () =>
      idsOf((await world.ledger.runsOf('audit')).filter(({ id }) => id.startsWith('request')));
    const asked = [client, other].map((each) => each.call<End[]>('ask', { messages: requests, atOnce: 500 }));
    await eventually('all begun', async () => (await runs()).length === ids.length);
    await world.ledger.open('work');
    for (const ends of await Promise.all(asked)) expectEnded(ends, requests);
    expectEnded(await client.call('ask', { messages: requests }), requests);
    expect(await runs()).toEqual(ids);
    await expectEmptyStreams(world, ['{audit}:requests']);
  });
});
