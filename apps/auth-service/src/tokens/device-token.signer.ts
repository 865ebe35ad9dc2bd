import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { deriveKey } from '@gatehouse/envelope-encryption';
import { AuthEnvironment } from '../auth.environment.js';
import { type DeviceOwner, deviceToken, readDeviceToken } from './device-token.js';

export type { DeviceOwner } from './device-token.js';

/** Names the devices that have signed in to an account. */
@Injectable()
export class DeviceTokenSigner {
  private readonly keys: readonly Buffer[];

  constructor(environment: AuthEnvironment) {
    this.keys = environment.encryptionKeys.map((secret) => deriveKey(secret, 'device-token'));
  }

  /** The device that `shown` names, when it is good for the account. */
  read(account: DeviceOwner, shown: string | undefined): string | undefined {
    if (shown === undefined) return undefined;
    return this.keys.map((key) => readDeviceToken(key, account, shown)).find((id) => id !== undefined);
  }

  /** A token for the device that `shown` names, when it is good for the account; else for a new device. */
  renew(account: DeviceOwner, shown: string | undefined): string {
    const [key] = this.keys as [Buffer];
    return deviceToken(key, account, this.read(account, shown) ?? randomUUID());
  }
}
