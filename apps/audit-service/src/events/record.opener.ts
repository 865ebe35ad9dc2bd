import type { AuditRecord } from '@gatehouse/audit-contracts';
import { Injectable } from '@nestjs/common';
import { keyIdsOf, openRecord, readLeaf } from '../log/leaf.js';
import type { StoredEvent } from '../log/stored-event.js';
import { SubjectKeyVault } from '../subject-keys/subject-key.vault.js';

/** Makes of what is kept what readers see: what is personal in clear, but for what was erased. */
@Injectable()
export class RecordOpener {
  constructor(private readonly keys: SubjectKeyVault) {}

  /** @throws what the driver throws when the database of the keys is away */
  async open(events: readonly StoredEvent[]): Promise<AuditRecord[]> {
    const leaves = events.map(({ leaf }) => readLeaf(leaf));
    const keys = await this.keys.opening(leaves.flatMap(keyIdsOf));
    return events.map(({ seq, leafHash }, index) => ({
      ...openRecord(leaves[index] as (typeof leaves)[number], keys),
      ...{ seq, leafHash: leafHash.toString('base64') },
    }));
  }
}
