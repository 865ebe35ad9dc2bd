import type { AppendResult } from '@gatehouse/audit-contracts';
import { eventOf, verdictsOf } from './append-verdicts.js';

const messages = ['a', 'b', 'c'].map((id, producerSeq) => ({ id, payload: `{"id":"${id}"}`, producerSeq }));

describe('verdictsOf', () => {
  it('accepts what is committed, refuses what is refused', () => {
    const results: AppendResult[] = [
      { id: 'a', seq: 0, leafHash: 'x=' },
      { id: 'b', error: 'malformed', detail: 'actor: required' },
      { id: 'c', error: 'conflict' },
    ];
    expect(verdictsOf(messages, results)).toEqual([
      { id: 'a', accepted: true },
      { id: 'b', accepted: false, reason: 'malformed: actor: required' },
      { id: 'c', accepted: false, reason: 'conflict' },
    ]);
  });

  it.each([
    ['is missing', []],
    ['speaks of another event', [{ id: 'z', seq: 1, leafHash: 'x=' }]],
    ['carries no leaf hash', [{ id: 'a', seq: 1, leafHash: '' }]],
    ['carries no seq', [{ id: 'a', leafHash: 'x=' } as AppendResult]],
  ])('says nothing of a row whose result %s', (_what, results) => {
    expect(verdictsOf(messages, results)).toEqual([]);
  });
});

describe('eventOf', () => {
  it('adds the number to what was written', () => {
    expect(messages.map(eventOf)).toEqual([
      { id: 'a', producerSeq: 0 },
      { id: 'b', producerSeq: 1 },
      { id: 'c', producerSeq: 2 },
    ]);
  });
});
