import { deviceToken, readDeviceToken } from './device-token.js';

const KEY = Buffer.alloc(32, 1);
const account = { id: 'a1', epoch: 0, deviceEpoch: 0 };

describe('deviceToken', () => {
  const token = deviceToken(KEY, account, 'd1');

  it('names the device to its own account', () => {
    expect(readDeviceToken(KEY, account, token)).toBe('d1');
  });

  it.each([
    ['another account', { ...account, id: 'a2' }, token],
    ['a later epoch', { ...account, epoch: 1 }, token],
    ['a later device epoch', { ...account, deviceEpoch: 1 }, token],
    ['another device', account, token.replace('d1', 'd2')],
    ['a part too many', account, `${token}.x`],
    ['no seal', account, 'd1'],
    ['nothing', account, ''],
  ])('names nothing for %s', (_case, of, given) => {
    expect(readDeviceToken(KEY, of, given)).toBeUndefined();
  });
});
