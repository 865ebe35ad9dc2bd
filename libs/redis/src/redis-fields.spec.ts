import { toFields } from './redis-fields.js';

describe('toFields', () => {
  it('pairs names with values', () => {
    expect(toFields(['a', '1', 'b', '2'])).toEqual({ a: '1', b: '2' });
    expect(toFields([])).toEqual({});
  });

  it('leaves out a name without a value', () => {
    expect(toFields(['a', '1', 'b'])).toEqual({ a: '1' });
  });
});
