import { columnsOf, readLeafEvent } from '@gatehouse/audit-log-verifier';
import { anEntry, aSmallEvent } from '../../test/an-entry.js';
import type { KeptEvent } from '../log/kept-event.js';
import { compareEvents } from './compare-events.js';

const FIRST = 256;

const kept = (place: number): KeptEvent => {
  const id = `019d0000-0000-7000-8000-${String(place).padStart(12, '0')}`;
  const { leaf, leafHash } = anEntry(aSmallEvent(id, { occurredAt: '2026-03-01T09:30:00Z' }));
  return { seq: FIRST + place, leaf, leafHash, columns: columnsOf(readLeafEvent(leaf)) };
};

describe('compareEvents', () => {
  const events = Array.from({ length: 10 }, (_, place) => kept(place));
  const hashes = Buffer.concat(events.map(({ leafHash }) => leafHash));
  const changed = (place: number, change: Partial<KeptEvent>) =>
    events.map((event, at) => (at === place ? { ...event, ...change } : event));

  it('finds nothing where nothing is wrong', () => {
    expect(compareEvents(FIRST, hashes, events)).toBeUndefined();
  });

  it.each<[string, readonly KeptEvent[], number, string]>([
    ['a leaf', changed(3, { leaf: kept(4).leaf }), 3, 'its tile'],
    ['the hash beside it', changed(3, { leafHash: Buffer.alloc(32) }), 3, 'leaf_hash'],
    ['a column', changed(3, { columns: { ...kept(3).columns, tenant: 'x' } }), 3, 'tenant'],
    ['an event that is not there', events.filter((_, at) => at !== 3), 3, 'missing'],
    ['the last that is not there', events.slice(0, 9), 9, 'missing'],
    ['two at one place', [...events, kept(3)], 3, 'two events'],
  ])('finds %s', (_what, found, place, words) => {
    expect(compareEvents(FIRST, hashes, found)).toEqual({
      seq: FIRST + place,
      detail: expect.stringContaining(words) as string,
    });
  });

  it('finds the first', () => {
    const two = changed(7, { leafHash: Buffer.alloc(32) }).map((event, at) =>
      at === 2 ? { ...event, columns: { ...event.columns, actorId: null } } : event,
    );
    expect(compareEvents(FIRST, hashes, two)?.seq).toBe(FIRST + 2);
  });
});
