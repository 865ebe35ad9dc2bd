import fc from 'fast-check';
import {
  DeliveryRefusedError,
  DestinationAwayError,
  type OutboxDelivery,
  type OutboxDestination,
  type OutboxVerdict,
} from './outbox-destination.js';
import { type ShippingStore, shipTopic } from './shipment.js';

class FakeStore implements ShippingStore {
  rows: OutboxDelivery[] = [];
  readonly rejected: string[] = [];
  private unnumbered: string[] = [];
  private next = 0;

  add(...payloads: string[]): void {
    this.unnumbered.push(...payloads);
  }

  async number(): Promise<number> {
    const fresh = this.unnumbered;
    this.unnumbered = [];
    for (const payload of fresh) this.rows.push({ id: `id-${this.next}`, payload, producerSeq: this.next++ });
    return fresh.length;
  }

  async read(_topic: string, afterSeq: number, limit: number): Promise<OutboxDelivery[]> {
    return this.rows.filter(({ producerSeq }) => producerSeq > afterSeq).slice(0, limit);
  }

  async settle(verdicts: readonly OutboxVerdict[]): Promise<void> {
    const settled = new Set(verdicts.map(({ id }) => id));
    this.rows = this.rows.filter(({ id }) => !settled.has(id));
    this.rejected.push(...verdicts.filter(({ accepted }) => !accepted).map(({ id }) => id));
  }
}

const destination = (
  deliver: (messages: readonly OutboxDelivery[]) => OutboxVerdict[],
  limits = { batchSize: 3, batchLength: 1_000 },
): OutboxDestination => ({ topic: 'audit', ...limits, deliver: async (messages) => deliver(messages) });

const accept = ({ id }: OutboxDelivery): OutboxVerdict => ({ id, accepted: true });

describe('shipTopic', () => {
  it('ships all in the order of their numbers, in bounded deliveries', async () => {
    const store = new FakeStore();
    store.add('1', '2', '333333', '4', '5');
    const deliveries: string[][] = [];
    const ship = destination(
      (messages) => {
        deliveries.push(messages.map(({ payload }) => payload));
        return messages.map(accept);
      },
      { batchSize: 4, batchLength: 5 },
    );
    await expect(shipTopic(store, ship, () => {})).resolves.toBe(0);
    expect(deliveries).toEqual([['1', '2'], ['333333'], ['4'], ['5']]);
    expect(store.rows).toEqual([]);
  });

  it('ships what comes while it ships', async () => {
    const store = new FakeStore();
    store.add('first');
    let late = ['second'];
    const ship = destination((messages) => {
      store.add(...late);
      late = [];
      return messages.map(accept);
    });
    await shipTopic(store, ship, () => {});
    expect(store.rows).toEqual([]);
  });

  it('keeps what was not acknowledged by its own id, and goes on with the rest', async () => {
    const store = new FakeStore();
    store.add('a', 'b', 'c', 'd');
    const ship = destination((messages) => [
      ...messages.filter(({ payload }) => payload !== 'b').map(accept),
      { id: 'somebody-else', accepted: true },
    ]);
    await expect(shipTopic(store, ship, () => {})).resolves.toBe(1);
    expect(store.rows.map(({ payload }) => payload)).toEqual(['b']);
  });

  it('sets nothing aside and deletes nothing when the destination is away', async () => {
    const store = new FakeStore();
    store.add('a', 'b');
    const ship = destination(() => {
      throw new Error('connection refused');
    });
    await expect(shipTopic(store, ship, () => {})).rejects.toThrow(DestinationAwayError);
    expect(store.rows).toHaveLength(2);
    expect(store.rejected).toEqual([]);
  });

  it('does not take an error of the store for one of the destination', async () => {
    const store = new FakeStore();
    store.read = async () => {
      throw new Error('connection lost');
    };
    await expect(
      shipTopic(
        store,
        destination(() => []),
        () => {},
      ),
    ).rejects.not.toBeInstanceOf(DestinationAwayError);
  });

  it('loses nothing and blocks nothing, whatever is refused, unanswered or away', async () => {
    type Fate = 'good' | 'refused' | 'poison' | 'ignored-once';
    const fates = fc.array(fc.constantFrom<Fate>('good', 'refused', 'poison', 'ignored-once'), {
      maxLength: 30,
    });
    const outages = fc.array(fc.boolean(), { maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(fates, outages, fc.integer({ min: 1, max: 7 }), async (sent, away, batchSize) => {
        const store = new FakeStore();
        store.add(...sent);
        const seen = new Set<string>();
        const ship = destination(
          (messages) => {
            if (away.shift()) throw new Error('away');
            if (messages.some(({ payload }) => payload === 'poison'))
              throw new DeliveryRefusedError('poison');
            return messages.flatMap((message): OutboxVerdict[] => {
              const first = !seen.has(message.id);
              seen.add(message.id);
              if (message.payload === 'ignored-once' && first) return [];
              if (message.payload === 'refused') return [{ id: message.id, accepted: false, reason: 'no' }];
              return [accept(message)];
            });
          },
          { batchSize, batchLength: 50 },
        );
        const settled: string[] = [];
        for (let round = 0; round < 13; round++) {
          await shipTopic(store, ship, ({ id }) => settled.push(id)).catch((error: unknown) => {
            if (!(error instanceof DestinationAwayError)) throw error;
          });
        }
        expect(store.rows).toEqual([]);
        expect(store.rejected).toHaveLength(
          sent.filter((fate) => fate === 'refused' || fate === 'poison').length,
        );
        expect(settled).toHaveLength(sent.length);
        expect(new Set(settled).size).toBe(sent.length);
      }),
    );
  });
});
