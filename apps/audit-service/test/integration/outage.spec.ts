import { DatabaseConnection } from '@gatehouse/database';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { eventuallyHolds } from '../../../../test/support/eventually.js';
import { Door } from '../../../../test/support/door.js';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';

describe('without PostgreSQL', () => {
  const world = new AuditWorld();
  let door: Door;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    await world.start();
    door = new Door(new URL(world.database.url));
    await door.open();
    await door.close();
    app = await world.replica(door.url);
  });

  afterAll(async () => {
    await world.stop();
    await door.close();
  });

  const statuses = async () => {
    const writer = new AuditApi(app, world.writer);
    const reader = new AuditApi(app, world.reader);
    return Promise.all([
      writer.post({ events: [anEvent()] }),
      writer.post({ events: [{ broken: true }] }),
      reader.get('/events'),
      reader.get(`/events/${anEvent().id}`),
    ]);
  };

  async function expectUnavailable(): Promise<void> {
    for (const answer of await statuses()) {
      expect(answer.statusCode).toBe(503);
      expect(answer.json()).toMatchObject({ type: 'dependency-unavailable' });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
  }

  it('answers 503 at once, from the start and in between, and works again without a restart', async () => {
    await expectUnavailable();
    await door.open();
    await app.get(DatabaseConnection).whenReady();
    expect((await statuses()).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 404]);
    await door.close();
    await expectUnavailable();
    await door.open();
    await eventuallyHolds(async () => {
      expect((await statuses()).map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 404]);
    });
  });

  it('does not doubt an event that was promised before the outage', async () => {
    const writer = new AuditApi(app, world.writer);
    const event = anEvent();
    const [first] = await writer.append(event);
    await door.close();
    expect((await writer.post({ events: [event] })).statusCode).toBe(503);
    await door.open();
    await eventuallyHolds(async () => expect(await writer.append(event)).toEqual([first]));
  });
});
