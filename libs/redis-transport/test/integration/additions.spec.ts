import type { DomainError } from '@gatehouse/problem-details';
import type { RequestClient } from '@gatehouse/redis-transport';
import { firstValueFrom } from 'rxjs';
import { TransportWorld } from './transport-fixture.js';

interface AuditRequests {
  'audit.note': { payload: { n: number; text?: string }; answer: null };
}

/** Nobody handles them: what was added stays in the stream. */
describe('requests that are sent in one turn of the event loop', () => {
  const world = new TransportWorld();
  let audit: RequestClient<AuditRequests>;

  beforeAll(async () => {
    const limits = { maxQueuedRequests: 200, requestTimeoutMs: 300 };
    audit = (await world.start({ service: 'auth', asks: ['audit'], limits })).get('audit');
  });

  beforeEach(() => world.redis.del(stream()));
  afterAll(() => world.end());

  const stream = () => `${world.namespace}:{audit}:requests`;
  const endOf = (n: number, text?: string) =>
    firstValueFrom(audit.send('audit.note', { n, text })).then(
      () => 'answer',
      (error: DomainError) => error.type,
    );
  const waiting = async () => {
    const entries = await world.redis.xrange(stream(), '-', '+');
    return entries.map(([, fields]) => (JSON.parse(fields[5] ?? '') as { n: number }).n);
  };
  const upTo = (count: number) => Array.from({ length: count }, (_, n) => n);

  it('are added in their order as far as there is room, the others are refused', async () => {
    const ends = await Promise.all(upTo(300).map((n) => endOf(n)));
    expect(ends).toEqual(upTo(300).map((n) => (n < 200 ? 'deadline-exceeded' : 'overloaded')));
    expect(await waiting()).toEqual(upTo(200));
  });

  it('keep their order also when they are large', async () => {
    const text = 'x'.repeat(150_000);
    await Promise.all(upTo(5).map((n) => endOf(n, text)));
    expect(await waiting()).toEqual(upTo(5));
  });
});
