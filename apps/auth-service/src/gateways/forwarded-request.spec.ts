import { forwardedRequest } from './forwarded-request.js';

describe('forwardedRequest', () => {
  it.each([
    ['/projects/1?token=secret', '/projects/1'],
    ['/projects/1#part', '/projects/1'],
    ['https://user:secret@host.test/a?b=c', '/a'],
    ['https://host.test?b=c', '/'],
    ['/a\r\nb\u0000c', '/a??b?c'],
    ['/?token=secret\nmore', '/'],
    [`/${'a'.repeat(600)}`, `/${'a'.repeat(511)}`],
  ])('takes the path of %j', (uri, path) => {
    expect(forwardedRequest({ 'x-forwarded-uri': uri })).toEqual({ path });
    expect(forwardedRequest({ 'x-original-uri': uri })).toEqual({ path });
  });

  it('takes a method that is one', () => {
    expect(forwardedRequest({ 'x-forwarded-method': 'post' })).toEqual({ method: 'POST' });
    expect(forwardedRequest({ 'x-original-method': 'DELETE' })).toEqual({ method: 'DELETE' });
    expect(forwardedRequest({ 'x-forwarded-method': 'a b' })).toEqual({});
    expect(forwardedRequest({})).toEqual({});
  });
});
