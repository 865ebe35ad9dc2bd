import type { Page, ProviderIncident, StatusChange } from '@gatehouse/provider-health-contracts';
import fc from 'fast-check';
import { DataSource } from 'typeorm';
import { eventuallyHolds } from '../../../../test/support/eventually.js';
import { TransitionRecorder } from '../../src/events/transition.recorder.js';
import { aHistory, incidentsOf } from '../incident-oracle.js';
import { HealthWorld } from './health-world.js';

const stands = () => Promise.resolve(true);

describe('incidents', () => {
  let world: HealthWorld;
  let recorders: TransitionRecorder[];
  let dataSource: DataSource;

  beforeAll(async () => {
    world = await HealthWorld.open(2);
    recorders = world.replicas.map(({ app }) => app.get(TransitionRecorder));
    dataSource = world.replicas[0]!.app.get(DataSource);
  }, 60_000);
  afterAll(() => world.close(), 30_000);

  const list = async (name: string, query = '') =>
    (await world.call<Page<ProviderIncident>>('GET', `/v1/providers/${name}/incidents${query}`)).body;

  /** As the consumers of several replicas do: each writes down all, each change after the one before. */
  const recordByAll = (history: readonly StatusChange[]) =>
    Promise.all(
      recorders.map(async (recorder) => {
        for (const change of history) await recorder.record(change, stands);
      }),
    );

  it('are for any history what its intervals say, written down by two replicas at once', async () => {
    await fc.assert(
      fc.asyncProperty(aHistory(), async (history) => {
        const name = await world.aProvider();
        await recordByAll(history.map((change) => ({ ...change, provider: name })));
        const { items } = await list(name, '?limit=100');
        const told = items.reverse().map(({ openedAt, closedAt, severity, flaps, transitions }) => ({
          ...{ severity, flaps, transitions, openedAt: Date.parse(openedAt) },
          closedAt: closedAt === null ? undefined : Date.parse(closedAt),
        }));
        expect(told).toEqual(incidentsOf(history));
      }),
      { numRuns: 15 },
    );
  }, 120_000);

  it('are written once when changes come again out of order', async () => {
    const [name, at] = [await world.aProvider(), Date.now()];
    const change = (version: number, from: StatusChange['from'], to: StatusChange['to']): StatusChange => ({
      ...{ provider: name, version, from, to, reason: 'marked', at: new Date(at + version).toISOString() },
    });
    const [fall, rise] = [change(1, 'healthy', 'unhealthy'), change(2, 'unhealthy', 'healthy')];
    await recordByAll([fall, rise, fall, rise, fall]);
    expect((await list(name)).items).toMatchObject([{ flaps: 0, transitions: 2, durationSeconds: 0.001 }]);
  });

  it('come of failures that are reported, and tell what was first and last', async () => {
    const name = await world.aProvider();
    for (let index = 0; index < 5; index++)
      await world.call('POST', `/v1/providers/${name}/failures`, { body: { class: 'server' } });
    await eventuallyHolds(async () =>
      expect((await list(name)).items).toMatchObject([
        {
          ...{ provider: name, closedAt: null, severity: 'unhealthy', flaps: 0, transitions: 2 },
          ...{ firstReason: 'consecutive-failures', lastReason: 'consecutive-failures' },
        },
      ]),
    );
  });

  it('leave PostgreSQL one open incident of a provider, whoever writes', async () => {
    const insert = (version: number) =>
      dataSource.query(
        `INSERT INTO incident VALUES (gen_random_uuid(), 'two', $1, now(), NULL, 'degraded', 0, 1, 'marked', 'marked')`,
        [version],
      );
    await insert(1);
    await expect(insert(2)).rejects.toThrow(/incident_one_open/);
  });

  it('are paged, the newest first', async () => {
    const name = await world.aProvider();
    const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString();
    for (let index = 0; index < 5; index++) {
      const common = { provider: name, reason: 'marked', at: day(index) } as const;
      await recorders[0]!.record(
        { ...common, version: 2 * index + 1, from: 'healthy', to: 'degraded' },
        stands,
      );
      await recorders[0]!.record(
        { ...common, version: 2 * index + 2, from: 'degraded', to: 'healthy' },
        stands,
      );
    }
    const first = await list(name, '?limit=3');
    const second = await list(name, `?limit=3&cursor=${first.nextCursor}`);
    expect([...first.items, ...second.items].map(({ openedAt }) => openedAt)).toEqual(
      [4, 3, 2, 1, 0].map(day),
    );
    expect(second.nextCursor).toBeNull();
  });

  it.each([
    ['/v1/providers/nobody/incidents', 'admin', 404, 'unknown-provider'],
    ['/v1/providers/nobody/incidents', 'guest', 403, 'insufficient-permission'],
    ['/v1/providers/nobody/incidents?limit=0', 'admin', 400, 'validation-failed'],
  ])('are answered %s by a %s with %s', async (path, role, status, type) => {
    const answer = await world.call('GET', path, { role });
    expect([answer.status, answer.body['type']]).toEqual([status, type]);
  });

  it.each(['nonsense', 'azpub3Bl', Buffer.from('k:99999999999').toString('base64url')])(
    'refuse the cursor %s',
    async (cursor) => {
      const name = await world.aProvider();
      for (const what of ['incidents', 'history'])
        expect((await world.call('GET', `/v1/providers/${name}/${what}?cursor=${cursor}`)).status).toBe(400);
    },
  );
});
