import { eventually } from '../support/eventually.js';
import { RedisDoor } from '../support/redis-door.js';
import type { Child } from './child.js';
import { FaultWorld } from './fault-world.js';
import { type End, messages } from './messages.js';
import { expectEmptyStreams, expectEnded } from './oracle.js';

/** No claim is renewed or taken over while these tests run: what happens is done by the one that took the message. */
const UNCLAIMED = { claimIdleMs: 60_000 };

const BEFORE_THE_ACKNOWLEDGEMENT = [
  ['between the end of a handler and its acknowledgement', { letsPass: false }],
  ['between an acknowledgement and the consumer that waits for it', { letsPass: true }],
] as const;

describe('a connection that is cut', () => {
  const world = new FaultWorld();
  const [doorOfConsumer, doorOfClient] = [new RedisDoor(), new RedisDoor()];
  let client: Child;
  let task = 0;

  beforeAll(async () => {
    await Promise.all([doorOfConsumer.open(), doorOfClient.open()]);
    const through = ({ settings }: RedisDoor) => ({ redis: settings, limits: UNCLAIMED });
    [client] = await Promise.all([
      world.client(through(doorOfClient)),
      world.service('audit', through(doorOfConsumer)),
    ]);
  });
  afterAll(async () => {
    await world.end();
    await Promise.all([doorOfConsumer.close(), doorOfClient.close()]);
  });

  /** A message unlike those of every other test here, and what its answer looks like on its way. */
  const aMessage = ({ gate, pattern }: { gate?: string; pattern?: string } = {}) => {
    const [message] = messages(`message-${++task}`, 1, { pattern });
    const sent = [{ ...(message as NonNullable<typeof message>), task: { n: task, gate } }];
    return { sent, id: `message-${task}-0`, answer: `"answerTo":${task}` };
  };
  const deliveriesOf = async (id: string): Promise<number[]> =>
    (await world.ledger.runsOf('audit')).filter((run) => run.id === id).map(({ delivery }) => delivery);
  const expectOneEffect = async (id: string) =>
    expect((await world.ledger.effectsOf('audit')).filter((each) => each.includes(id))).toEqual([id]);

  it.each(BEFORE_THE_ACKNOWLEDGEMENT)('%s makes nobody do anything twice: request', async (_where, how) => {
    const { sent, id, answer } = aMessage();
    const cut = doorOfConsumer.cutAt('in', answer, how);
    const ends = await client.call<End[]>('ask', { messages: sent });
    await cut;
    expectEnded(ends, sent);
    await expectEmptyStreams(world, ['{audit}:requests']);
    expect(await deliveriesOf(id)).toEqual([1]);
  });

  it.each(BEFORE_THE_ACKNOWLEDGEMENT)('%s makes nobody do anything twice: event', async (where, how) => {
    const { sent, id } = aMessage({ gate: where });
    await client.call('emit', { messages: sent });
    await eventually('it is taken', async () => (await deliveriesOf(id)).length === 1);
    const stream = world.key('{providers}:events');
    const [[entry]] = (await world.redis.xpending(stream, 'audit', '-', '+', 1)) as [[string]];
    const cut = doorOfConsumer.cutAt('in', entry, how);
    await world.ledger.open(where);
    await cut;
    await expectEmptyStreams(world, ['{providers}:events']);
    expect(await deliveriesOf(id)).toEqual([1]);
  });

  it('between an acknowledgement and the answer is told to the caller', async () => {
    const { sent, id, answer } = aMessage();
    const cut = doorOfClient.cutAt('out', answer);
    const ends = await client.call<End[]>('ask', { messages: sent });
    await cut;
    expect(ends).toMatchObject([{ end: 'reply-lost' }]);
    await expectEmptyStreams(world, ['{audit}:requests']);
    expect(await deliveriesOf(id)).toEqual([1]);
    await eventually('it is heard again', async () => {
      const [again] = await client.call<End[]>('ask', { messages: aMessage().sent });
      return again?.end === 'answered';
    });
  });

  it('between a request and the word of Redis that has it leaves the caller with an end', async () => {
    const { sent, id } = aMessage();
    const cut = doorOfClient.cutAt('in', id, { letsPass: true });
    const ends = await client.call<End[]>('ask', { messages: sent });
    await cut;
    expect(ends).toMatchObject([{ end: 'dependency-unavailable' }]);
    await eventually('it is handled', async () => (await deliveriesOf(id)).length === 1);
    await expectEmptyStreams(world, ['{audit}:requests']);
    await expectOneEffect(id);
  });

  it.each([
    ['between an acknowledgement and the answer', 'out', ''],
    ['between a request and the word of Redis that has it', 'in', { letsPass: true }],
    ['between a request and Redis', 'in', { letsPass: false }],
  ] as const)(
    '%s makes an idempotent request be sent again, which is handled once',
    async (_where, direction, how) => {
      const { sent, id, answer } = aMessage({ pattern: 'audit.note-once' });
      const cut = doorOfClient.cutAt(direction, direction === 'out' ? answer : id, how || {});
      const ends = await client.call<End[]>('ask', { messages: sent });
      await cut;
      expectEnded(ends, sent);
      await expectEmptyStreams(world, ['{audit}:requests']);
      expect(await deliveriesOf(id)).toEqual([1]);
    },
  );

  it('between an event and the word of Redis that has it: it is published again, and changes something once', async () => {
    const { sent, id } = aMessage();
    const cut = doorOfClient.cutAt('in', id, { letsPass: true });
    await client.call('emit', { messages: sent });
    await cut;
    await expectEmptyStreams(world, ['{providers}:events']);
    expect(await deliveriesOf(id)).toEqual([1, 1]);
    await expectOneEffect(id);
  });
});
