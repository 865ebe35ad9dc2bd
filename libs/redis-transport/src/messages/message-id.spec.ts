import { validate, version } from 'uuid';
import { newMessageId } from './message-id.js';

describe('newMessageId', () => {
  it('gives UUIDv7s, each another, also after the pool was filled again', () => {
    const ids = Array.from({ length: 1_000 }, newMessageId);
    expect(new Set(ids).size).toBe(1_000);
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
  });
});
