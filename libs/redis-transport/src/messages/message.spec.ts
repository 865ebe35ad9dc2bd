import { deadLetterFields } from '../dead-letters/dead-letter.js';
import { addedAt, MalformedMessageError, toFields, toMessage } from './message.js';
import { HEADER, headersOf } from './message-headers.js';

const problem = { type: 'internal-error', title: 'Something went wrong', status: 500 };

describe('a message', () => {
  it('arrives as it was sent', () => {
    const headers = headersOf({ [HEADER.messageId]: 'm', [HEADER.deadline]: 12, [HEADER.key]: undefined });
    expect(toMessage(toFields('a.b', headers, '{"x":[1]}'))).toEqual({
      pattern: 'a.b',
      headers: { 'message-id': 'm', deadline: '12' },
      data: { x: [1] },
    });
  });

  it.each([
    [[]],
    [['pattern', 'a.b']],
    [['pattern', 'a.b', 'headers', '{', 'data', '1']],
    [['pattern', 'a.b', 'headers', '[]', 'data', '1']],
    [['pattern', 'a.b', 'headers', 'null', 'data', '1']],
    [['pattern', 'a.b', 'headers', '{}', 'data', 'x']],
    [['pattern', 'a.b', 'headers', '{}', 'data']],
  ])('that is none is refused: %j', (fields) => {
    expect(() => toMessage(fields)).toThrow(MalformedMessageError);
  });

  it('has only headers that are text', () => {
    expect(toMessage(['pattern', 'p', 'headers', '{"a":"1","b":2}', 'data', '1']).headers).toEqual({
      a: '1',
    });
  });

  it('was added when the id of its entry says', () => {
    expect(addedAt('1700000000123-4')).toBe(1_700_000_000_123);
  });
});

describe('a dead letter', () => {
  it('holds the message, why it was given up, and no token', () => {
    const fields = toFields('a.b', { authorization: 'Bearer secret', 'message-id': 'm' }, '"headers"');
    const letter = deadLetterFields(
      { entry: { id: '1-0', fields }, count: 5 },
      { problem },
      'me',
      '2026-01-01T00:00:00Z',
    );
    expect(letter).toEqual([
      ...['pattern', 'a.b', 'headers', '{"message-id":"m"}', 'data', '"headers"'],
      ...['error', JSON.stringify(problem), 'entry-id', '1-0', 'delivery-count', '5'],
      ...['consumer', 'me', 'buried-at', '2026-01-01T00:00:00Z'],
    ]);
  });

  it('holds nothing of headers that cannot be read, which may be a token', () => {
    const delivery = {
      entry: { id: '1-0', fields: ['headers', '{"authorization":"Bearer secret'] },
      count: 1,
    };
    expect(deadLetterFields(delivery, { problem }, 'me', '').join()).not.toContain('secret');
  });
});
