import { Injectable } from '@nestjs/common';
import { addressIndex } from '../personal-data/addresses.js';
import { ADDRESS_INDEX } from '../personal-data/subjects.js';
import { SubjectKeyVault } from '../subject-keys/subject-key.vault.js';

/** What finds the events of an address, which is in no column. */
@Injectable()
export class AddressFinder {
  constructor(private readonly keys: SubjectKeyVault) {}

  /** @param ip an address, or a network such as `203.0.113.0/24` */
  async find(ip: string | undefined): Promise<{ address?: Buffer; network?: string }> {
    if (ip === undefined) return {};
    if (ip.includes('/')) return { network: ip };
    const key = (await this.keys.sealing([ADDRESS_INDEX])).get(ADDRESS_INDEX);
    if (key === undefined) throw new Error('There is no key of addresses');
    return { address: addressIndex(key.key, ip) };
  }
}
