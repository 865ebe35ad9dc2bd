import fc from 'fast-check';
import { anEntry, aSmallEvent } from '../../test/an-entry.js';
import type { LogEntry } from './log-entry.js';
import { type LoggedEvent, sequence } from './sequencing.js';

/** An entry by its id and content. */
const entry = (id: number, content: number): LogEntry =>
  anEntry(aSmallEvent(idOf(id), { details: { content } }));

const log5 = { size: 5, oldestMonth: '2020-01' };

const idOf = (id: number) => `019d0000-0000-7000-8000-${String(id).padStart(12, '0')}`;

describe('sequence', () => {
  it('numbers from the size of the log', () => {
    const { outcomes, fresh } = sequence([entry(1, 0), entry(2, 0)], [], log5);
    expect(outcomes).toMatchObject([{ seq: 5 }, { seq: 6 }]);
    expect(fresh).toHaveLength(2);
  });

  it('gives what is there its old place and leaf, in the log or earlier in the batch', () => {
    const { leafHash, contentDigest, keyId } = entry(1, 0);
    const logged = { id: idOf(1), seq: 3, leafHash: Buffer.from('old'), contentDigest, keyId };
    const { outcomes, fresh } = sequence([entry(1, 0), entry(2, 0), entry(2, 0)], [logged], log5);
    expect(outcomes).toEqual([
      { seq: 3, leafHash: Buffer.from('old') },
      { seq: 5, leafHash: entry(2, 0).leafHash },
      { seq: 5, leafHash: entry(2, 0).leafHash },
    ]);
    expect(fresh).toHaveLength(1);
    expect(leafHash).not.toEqual(logged.leafHash);
  });

  it('refuses an id of a month that is not kept, whether it is there or not', () => {
    const of = (id: string) => anEntry(aSmallEvent(id));
    // 2026-03-31T23:59:59.999Z and the millisecond after it.
    const [march, april] = ['019d4656-ffff-7000-8000-000000000001', '019d4657-0000-7000-8000-000000000001'];
    const entries = [of(march), of(april)];
    const { outcomes, fresh, tooOld } = sequence(entries, [], { size: 5, oldestMonth: '2026-04' });
    expect(outcomes).toMatchObject([{ error: 'too-old' }, { seq: 5 }]);
    expect(fresh.map(({ event }) => event.id)).toEqual([april]);
    expect(tooOld.map(({ event }) => event.id)).toEqual([march]);
  });

  it('keeps for any batches one content an id, and places without a gap', () => {
    const batch = fc.array(fc.tuple(fc.nat(8), fc.nat(2)), { maxLength: 12 });
    fc.assert(
      fc.property(fc.array(batch, { maxLength: 8 }), (batches) => {
        const log: LoggedEvent[] = [];
        const contents = new Map<number, number>();
        for (const sent of batches) {
          const entries = sent.map(([id, content]) => entry(id, content));
          const { fresh, conflicts, outcomes } = sequence(entries, log, { ...log5, size: log.length });
          for (const { event, leafHash, contentDigest, keyId } of fresh) {
            log.push({ id: event.id, seq: log.length, leafHash, contentDigest, keyId });
          }
          sent.forEach(([id, content], index) => {
            const first = contents.get(id) ?? content;
            contents.set(id, first);
            const place = log.findIndex((event) => event.id === idOf(id));
            expect(outcomes[index]).toEqual(
              first === content ? { seq: place, leafHash: log[place]?.leafHash } : { error: 'conflict' },
            );
          });
          expect(conflicts).toHaveLength(outcomes.filter((outcome) => 'error' in outcome).length);
        }
        expect(log).toHaveLength(contents.size);
      }),
    );
  });
});
