import { requestId } from './request-id.js';

describe('requestId', () => {
  it("keeps a gateway's id", () => {
    expect(requestId({ 'x-request-id': '4bf92f35-77b3.a_1' })).toBe('4bf92f35-77b3.a_1');
  });

  it.each([[undefined], [''], ['a b'], ['x'.repeat(65)], ['line\nbreak'], ['<script>']])(
    'makes one in place of %j',
    (given) => {
      expect(requestId({ 'x-request-id': given })).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    },
  );
});
