import type { AuditRecord } from '@gatehouse/audit-contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { v7 as uuidv7 } from 'uuid';
import { anEvent, AuditApi, AuditWorld } from './audit-fixture.js';

describe('reading the trail', () => {
  const world = new AuditWorld();
  let app: NestFastifyApplication;
  let writer: AuditApi;
  let reader: AuditApi;

  const day = (number: number) => `2026-03-0${number}T00:00:00.000Z`;
  const trail = [
    anEvent({ actor: { type: 'user', id: 'ada', name: 'Ada' }, occurredAt: day(1) }),
    anEvent({
      ...{ actor: { type: 'user', id: 'bob' }, outcome: 'failure', occurredAt: day(2) },
      context: { service: 'auth-service', ip: '203.0.113.7' },
    }),
    anEvent({ action: 'auth.logout', actor: { type: 'user', id: 'ada' }, occurredAt: day(3) }),
    anEvent({ action: 'auth-x.login', category: 'access', occurredAt: day(4) }),
    anEvent({
      category: 'provider',
      action: 'provider.status-changed',
      actor: { type: 'service', id: 'provider-health-service' },
      target: { type: 'provider', id: 'p1' },
      occurredAt: day(5),
      details: { from: 'healthy', to: 'degraded' },
    }),
  ];

  const idsOf = (items: AuditRecord[]) => items.map(({ id }) => id);
  const foundBy = async (query: string) =>
    idsOf((await reader.search(`?order=asc&${query}`)).items)
      .map((id) => trail.findIndex((event) => event.id === id))
      .filter((index) => index >= 0);

  beforeAll(async () => {
    app = await world.start();
    writer = new AuditApi(app, world.writer);
    reader = new AuditApi(app, world.reader);
    await writer.append(...trail);
  });

  afterAll(() => world.stop());

  it.each([
    ['actorId=ada', [0, 2, 3]],
    ['actorId=ADA', []],
    ['targetId=p1', [4]],
    ['action=auth.login', [0, 1]],
    ['action=auth.*', [0, 1, 2]],
    ['action=provider.*', [4]],
    ['action=auth', []],
    ['category=access', [3]],
    ['outcome=failure', [1]],
    [`from=${day(3)}`, [2, 3, 4]],
    [`to=${day(3)}`, [0, 1]],
    [`from=${day(2)}&to=${day(4)}`, [1, 2]],
    ['from=2026-03-03T01:00:00%2B01:00&actorId=ada', [2, 3]],
    ['actorId=ada&action=auth.*&outcome=success', [0, 2]],
    ['ip=203.0.113.7', [1]],
    ['ip=::ffff:203.0.113.7', [1]],
    ['ip=203.0.113.8', []],
    ['ip=203.0.113.0/24', [1]],
    ['ip=203.0.0.0/16', [1]],
    ['ip=203.0.112.0/24', []],
    ['', [0, 1, 2, 3, 4]],
  ])('finds by %s', async (query, expected) => {
    expect(await foundBy(query)).toEqual(expected);
  });

  it('answers the event as it was told, with its place, hash, submitter and time of arrival', async () => {
    const { items } = await reader.search('?targetId=p1');
    expect(items).toEqual([
      {
        ...trail[4],
        seq: 4,
        leafHash: expect.stringMatching(/^[\w+/]{43}=$/) as string,
        submittedBy: 'auth-service',
        receivedAt: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      },
    ]);
    const one = await reader.get(`/events/${trail[4]?.id}`);
    expect(one.json()).toEqual(items[0]);
  });

  it.each([
    ['unknown=1'],
    ['actorid=ada'],
    ['limit=0'],
    ['limit=201'],
    ['limit=x'],
    ['order=up'],
    ['category=none'],
    ['outcome=none'],
    ['action=*'],
    ['action=auth.%25'],
    ['from=yesterday'],
    ['actorId=a&actorId=b'],
    ['cursor=nonsense'],
    ['cursor=YXNjOjE'],
    ['cursor=ZGVzYzotMQ'],
  ])('refuses ?%s', async (query) => {
    const answer = await reader.get(`/events?${query}`);
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ type: 'validation-failed' });
  });

  it('does not read SQL in what it is asked', async () => {
    expect(await foundBy(`actorId=${encodeURIComponent("' OR 1=1 --")}`)).toEqual([]);
  });

  it.each(['asc', 'desc'])('pages %s through everything once while appends go on', async (order) => {
    const actor = uuidv7();
    const append = (count: number) =>
      writer.append(...Array.from({ length: count }, () => anEvent({ actor: { type: 'user', id: actor } })));
    const before = await append(50);
    const seen: AuditRecord[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page = await reader.search(`?actorId=${actor}&limit=7&order=${order}${next}`);
      expect(page.items.length).toBeLessThanOrEqual(7);
      seen.push(...page.items);
      cursor = page.nextCursor;
      if (seen.length < 40) await append(2);
    } while (cursor !== null);
    const seqs = seen.map(({ seq }) => seq);
    expect(seqs).toEqual([...seqs].sort((one, other) => (order === 'asc' ? one - other : other - one)));
    expect(new Set(idsOf(seen)).size).toBe(seen.length);
    expect(idsOf(seen)).toEqual(expect.arrayContaining(before.map(({ id }) => id)));
  });

  it('puts each reading into the trail before it answers', async () => {
    const whoever = new AuditApi(app, await world.issuer.user('curious', 'admin'));
    await whoever.search('?actorId=ada&action=auth.*');
    await whoever.get(`/events/${trail[0]?.id}`);
    const missing = uuidv7();
    expect((await whoever.get(`/events/${missing}`)).statusCode).toBe(404);
    const { items } = await reader.search('?actorId=curious&order=asc');
    expect(items).toMatchObject([
      {
        category: 'audit',
        action: 'audit.search',
        outcome: 'success',
        actor: { type: 'user', id: 'curious' },
        producer: 'audit-service',
        submittedBy: 'audit-service',
        details: { filters: { actorId: 'ada', action: 'auth.*' }, found: 2 },
      },
      { action: 'audit.read', target: { type: 'audit-event', id: trail[0]?.id }, details: { found: 1 } },
      { action: 'audit.read', target: { type: 'audit-event', id: missing }, details: { found: 0 } },
    ]);
    expect(items.every(({ context }) => context.ip === '127.0.0.1' && context.requestId !== undefined)).toBe(
      true,
    );
  });

  it('is for who may read only', async () => {
    for (const path of ['/events', `/events/${trail[0]?.id}`]) {
      const statusWith = async (token?: string) => (await new AuditApi(app, token).get(path)).statusCode;
      expect(await statusWith()).toBe(401);
      expect(await statusWith(await world.issuer.user('ada', 'user'))).toBe(403);
      expect(await statusWith(world.writer)).toBe(403);
      expect(await statusWith(await world.issuer.service('auditor', ['audit:read']))).toBe(200);
    }
  });

  it('answers 400 for what is no id', async () => {
    expect((await reader.get('/events/nonsense')).statusCode).toBe(400);
  });
});
