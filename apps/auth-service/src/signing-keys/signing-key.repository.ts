import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { SigningKeyEntity } from './signing-key.entity.js';

/** Key of the advisory lock under which the first key is made: "sign" in ASCII. */
const FIRST_KEY_LOCK = 0x7369676e;

@Injectable()
export class SigningKeyRepository {
  constructor(private readonly dataSource: DataSource) {}

  /** Every key there is, the newest first; makes the first one, of which all replicas then have the same. */
  async allOrFirst(make: () => Omit<SigningKeyEntity, 'createdAt'>): Promise<SigningKeyEntity[]> {
    const keys = await this.dataSource.getRepository(SigningKeyEntity).find({ order: { createdAt: 'DESC' } });
    if (keys.length > 0) return keys;
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [FIRST_KEY_LOCK]);
      const repository = manager.getRepository(SigningKeyEntity);
      if ((await repository.count()) === 0) await repository.insert({ ...make(), createdAt: new Date() });
      return repository.find({ order: { createdAt: 'DESC' } });
    });
  }
}
