import { v7 as uuidv7 } from 'uuid';
import { sentId, takeEvent } from './event-intake.js';

const now = new Date();
const event = {
  id: uuidv7(),
  category: 'auth',
  action: 'auth.login',
  outcome: 'success',
  actor: { type: 'user', id: 'ada' },
  context: { service: 'auth-service' },
  occurredAt: '2026-03-01T09:30:00Z',
  producer: 'auth-service',
};

function detailsOf(value: unknown): unknown {
  const taken = takeEvent(value, now);
  if (!('event' in taken)) throw new Error(taken.refused.detail);
  return taken.event.details;
}

describe('takeEvent', () => {
  it('keeps every field that it does not know', () => {
    const sent = {
      ...event,
      severity: 3,
      actor: { ...event.actor, email: 'a@b.c' },
      context: { ...event.context, geo: { country: 'SE' } },
      details: { known: true },
    };
    expect(detailsOf(sent)).toEqual({
      known: true,
      unmapped: { severity: 3, actor: { email: 'a@b.c' }, context: { geo: { country: 'SE' } } },
    });
  });

  it('keeps also what was sent under the name that it uses', () => {
    expect(detailsOf({ ...event, odd: 1, details: { unmapped: { mine: 2 } } })).toEqual({
      unmapped: { odd: 1, 'details.unmapped': { mine: 2 } },
    });
    expect(detailsOf({ ...event, details: { unmapped: { mine: 2 } } })).toEqual({ unmapped: { mine: 2 } });
  });

  it.each([
    ['details that are none, beside an unknown field', { ...event, odd: 1, details: 'text' }, /^details/],
    ['a part that is no object', { ...event, actor: 'ada' }, /^actor/],
    ['nothing', null, /object/],
    ['a list', [event], /object/],
  ])('refuses %s and names it', (_what, value, detail) => {
    expect(takeEvent(value, now)).toMatchObject({
      refused: { reason: 'malformed', detail: expect.stringMatching(detail) as string },
    });
  });

  it('takes an id of a clock that is a little ahead, and none that is far ahead', () => {
    const ahead = (minutes: number) => ({
      ...event,
      id: uuidv7({ msecs: now.getTime() + minutes * 60_000 }),
    });
    expect(takeEvent(ahead(4), now)).toHaveProperty('event');
    expect(takeEvent(ahead(6), now)).toMatchObject({ refused: { reason: 'future-dated' } });
  });
});

describe('sentId', () => {
  it.each([
    [{ id: 'abc' }, 'abc'],
    [{ id: 7 }, null],
    [{ id: 'a\0b' }, null],
    [{ id: 'x'.repeat(65) }, null],
    [{}, null],
    [null, null],
    ['id', null],
  ])('of %j is %j', (value, id) => {
    expect(sentId(value)).toBe(id);
  });
});
