import { createConnection } from 'node:net';
import { eventually } from '../../../../test/support/eventually.js';
import { EventReader, type ToldEvent } from '../../../../test/support/event-reader.js';
import { EventStreamManager, MOST_STREAMS } from '../../src/events/event-stream.manager.js';
import { TransitionRecorder } from '../../src/events/transition.recorder.js';
import { HealthWorld, type Replica } from './health-world.js';

describe('GET /v1/providers/events', () => {
  let world: HealthWorld;
  let token: string;
  const readers: EventReader[] = [];
  const versions = new Map<string, number>();

  beforeAll(async () => {
    world = await HealthWorld.open(2);
    token = await world.token('viewer');
  }, 60_000);
  afterEach(() => readers.splice(0).forEach((reader) => reader.leave()));
  afterAll(() => world.close(), 60_000);

  const read = (lastEventId?: string, replica: Replica = world.replicas[0]!, query = '') => {
    const reader = new EventReader(`${replica.origin}/v1/providers/events${query}`, token, lastEventId);
    readers.push(reader);
    return reader;
  };
  const begun = async (reader: EventReader) => eventually('it has begun', () => reader.told[0]);
  const changesOf = ({ told }: EventReader) =>
    told
      .filter(({ event }) => event === 'status-changed')
      .map(({ data }) => `${data.provider} ${data.version}`);

  /** A change of a provider, written down by one replica. @returns what readers are told */
  const change = async (provider: string, replica = world.replicas[0]!) => {
    const version = (versions.get(provider) ?? 0) + 1;
    versions.set(provider, version);
    const [from, to] =
      version % 2 === 1 ? (['healthy', 'degraded'] as const) : (['degraded', 'healthy'] as const);
    const recorder = replica.app.get(TransitionRecorder);
    const at = new Date().toISOString();
    await recorder.record({ provider, version, from, to, reason: 'marked', at }, () => Promise.resolve(true));
    return `${provider} ${version}`;
  };

  it('tells each change as it comes, on every replica, and nobody buffers it', async () => {
    const [first, second] = [read(), read(undefined, world.replicas[1])];
    expect((await begun(first)).event).toBe('ready');
    await begun(second);
    expect(first.headers?.get('content-type')).toBe('text/event-stream');
    expect(first.headers?.get('x-accel-buffering')).toBe('no');
    expect(first.headers?.get('cache-control')).toBe('no-cache');
    const expected = [await change('told'), await change('told', world.replicas[1])];
    for (const reader of [first, second]) {
      await eventually('both have come', () => changesOf(reader).length === 2);
      expect(changesOf(reader)).toEqual(expected);
      expect(reader.told.at(-1)?.data).toMatchObject({ from: 'degraded', to: 'healthy', reason: 'marked' });
    }
  }, 60_000);

  it('goes on after an event, by header or query, on another replica', async () => {
    const reader = read();
    const ready = await begun(reader);
    const expected = [await change('resumed'), await change('resumed'), await change('resumed')];
    await eventually('all have come', () => changesOf(reader).length === 3);
    for (const [place, { id }] of [ready, ...reader.told.slice(1)].entries()) {
      const [byHeader, byQuery] = [
        read(id, world.replicas[1]),
        read(undefined, world.replicas[1], `?lastEventId=${id}`),
      ];
      for (const again of [byHeader, byQuery]) {
        expect((await begun(again)).event).toBe('resumed');
        await eventually('the rest has come', () => changesOf(again).length === 3 - place);
        expect(changesOf(again)).toEqual(expected.slice(place));
      }
    }
  }, 60_000);

  it.each(['nonsense', '00000000-0', 'far ahead'])(
    'says reset to whoever goes on after %s',
    async (id) => {
      const ahead = `${(await begun(read())).id}000000`;
      const reader = read(id === 'far ahead' ? ahead : id);
      expect((await begun(reader)).event).toBe('reset');
      const expected = await change('reset');
      await eventually('it has come', () => changesOf(reader).length === 1);
      expect(changesOf(reader)).toEqual([expected]);
    },
    60_000,
  );

  it('tells readers that come and go all changes in their order, and none twice', async () => {
    const CHANGES = 120;
    const recorded: string[] = [];
    const write = async () => {
      // Both replicas at once: their commits race for the next number.
      for (let index = 0; index < CHANGES / 2; index++) {
        const both = world.replicas.slice(0, 2);
        const made = both.map((replica, which) => change(`p${which}-${index % 3}`, replica));
        recorded.push(...(await Promise.all(made)));
      }
    };
    /** Leaves in the middle of what it is told, and goes on where it was, on either replica. */
    const follow = async (first: string) => {
      const told: ToldEvent[] = [];
      while (told.length < CHANGES) {
        const reader = read(told.at(-1)?.id ?? first, world.replicas[Math.floor(Math.random() * 2)]);
        const enough = Math.min(1 + Math.random() * 20, CHANGES - told.length);
        await eventually('it has been told some', () => changesOf(reader).length >= enough, { everyMs: 5 });
        reader.leave();
        await eventually('it has ended', () => reader.ended);
        expect(reader.told[0]?.event).toBe('resumed');
        told.push(...reader.told.slice(1));
      }
      return told.map(({ data }) => `${data.provider} ${data.version}`);
    };
    const { id } = await begun(read());
    const following = Promise.all([follow(id), follow(id), follow(id)]);
    await write();
    const all = await following;
    for (const told of all) {
      expect(told).toEqual(all[0]);
      expect([...told].sort()).toEqual([...recorded].sort());
    }
    const ofOne = all[0].filter((each) => each.startsWith('p0-0 ')).map((each) => Number(each.split(' ')[1]));
    expect(ofOne).toEqual(ofOne.map((_version, index) => index + 1));
  }, 240_000);

  it('ends when the replica stops, and the reader goes on elsewhere', async () => {
    const replica = await world.boot();
    const reader = read(undefined, replica);
    const { id } = await begun(reader);
    await replica.app.close();
    world.replicas.pop();
    await eventually('it has ended', () => reader.ended);
    const expected = await change('elsewhere');
    const again = read(id);
    await eventually('it has come', () => changesOf(again).length === 1);
    expect(changesOf(again)).toEqual([expected]);
  }, 60_000);

  it('takes so many readers, and one more when one has left, whatever method it asked by', async () => {
    const streams = world.replicas[0]!.app.get(EventStreamManager);
    const url = `${world.replicas[0]!.origin}/v1/providers/events`;
    const headers = { authorization: `Bearer ${token}` };
    for (let index = 0; index < 3; index++) await fetch(url, { method: 'HEAD', headers });
    const leaving = createConnection(Number(new URL(url).port), '127.0.0.1');
    leaving.write(`GET /v1/providers/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\n\r\n`);
    leaving.once('data', () => leaving.destroy());
    const stays = new AbortController().signal;
    const opened = await eventually('nobody else reads', async () => {
      const opened = [];
      for (let index = 0; index < MOST_STREAMS; index++)
        opened.push(await streams.stream(undefined, stays).catch(() => undefined));
      if (opened.every((stream) => stream !== undefined)) return opened;
      opened.forEach((stream) => stream?.destroy());
      return undefined;
    });
    const refused = await fetch(url, { headers });
    expect([refused.status, await refused.json()]).toMatchObject([503, { type: 'too-many-event-streams' }]);
    opened[0]?.destroy();
    await eventually('there is a place', () => !opened[0] || opened[0].closed);
    await begun(read());
    opened.forEach((stream) => stream?.destroy());
  }, 60_000);

  it('refuses whoever may not read providers, and what is no query', async () => {
    const guest = await world.call('GET', '/v1/providers/events', { role: 'guest' });
    expect([guest.status, guest.body['type']]).toEqual([403, 'insufficient-permission']);
    expect((await world.call('GET', '/v1/providers/events?since=1')).status).toBe(400);
  });
});
