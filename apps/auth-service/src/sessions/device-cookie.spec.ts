import { deviceCookie, readDeviceCookie } from './device-cookie.js';

describe('readDeviceCookie', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['gatehouse_device=', undefined],
    ['other=a.b; gatehouse_device=c.d;x=y', 'c.d'],
    ['my_gatehouse_device=a.b', undefined],
    [`gatehouse_device=${'x'.repeat(513)}`, undefined],
  ])('of %j is %j', (header, token) => {
    expect(readDeviceCookie(header)).toBe(token);
  });

  it('reads what deviceCookie has written', () => {
    const written = deviceCookie('a.b', true);
    expect(written).toBe(
      'gatehouse_device=a.b; Path=/v1/auth/login; Max-Age=34560000; HttpOnly; SameSite=Strict; Secure',
    );
    expect(readDeviceCookie(written.split(';')[0])).toBe('a.b');
    expect(deviceCookie('a.b', false)).not.toContain('Secure');
  });
});
