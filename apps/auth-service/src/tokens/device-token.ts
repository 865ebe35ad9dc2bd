import { createHmac, timingSafeEqual } from 'node:crypto';

/** The account that a device has signed in to. */
export interface DeviceOwner {
  id: string;
  epoch: number;
  deviceEpoch: number;
}

/**
 * Names a device that has signed in to an account before: `<device id>.<HMAC of account, device and the account's epochs>`.
 * A change of the password, the role or the status and a logout-all raise the epoch, a reused refresh token the device epoch:
 * each ends it.
 */
export function deviceToken(key: Buffer, account: DeviceOwner, deviceId: string): string {
  return `${deviceId}.${seal(key, account, deviceId).toString('base64url')}`;
}

/** The device that the token names, or undefined when it is not of this account or has ended. */
export function readDeviceToken(key: Buffer, account: DeviceOwner, token: string): string | undefined {
  const [deviceId = '', mac = '', ...rest] = token.split('.');
  const given = Buffer.from(mac, 'base64url');
  const expected = seal(key, account, deviceId);
  return rest.length === 0 && given.length === expected.length && timingSafeEqual(given, expected)
    ? deviceId
    : undefined;
}

function seal(key: Buffer, account: DeviceOwner, deviceId: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([account.id, account.epoch, account.deviceEpoch, deviceId]))
    .digest();
}
