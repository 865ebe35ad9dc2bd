import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager, In, IsNull, MoreThan, Not } from 'typeorm';
import { SigningKeyEntity } from './signing-key.entity.js';

/** Key of the advisory lock under which keys are made and removed: "sign" in ASCII. */
const LOCK = 0x7369676e;

/** The keys, and the time at which they were read. */
export interface KeyReading {
  keys: SigningKeyEntity[];
  /** By the clock of the database. */
  now: Date;
}

@Injectable()
export class SigningKeyRepository {
  constructor(private readonly dataSource: DataSource) {}

  read(): Promise<KeyReading> {
    return this.readWith(this.dataSource.manager);
  }

  /** Changes the keys: one replica at a time. What `work` is given cannot change until it has ended. */
  change<Result>(work: (manager: EntityManager, reading: KeyReading) => Promise<Result>): Promise<Result> {
    return this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
      return work(manager, await this.readWith(manager));
    });
  }

  async insert(manager: EntityManager, key: SigningKeyEntity): Promise<void> {
    await manager.insert(SigningKeyEntity, key);
    await this.noteChange(manager);
  }

  async advance(manager: EntityManager, kid: string, activeFrom: Date): Promise<void> {
    await manager.update(SigningKeyEntity, { kid }, { activeFrom });
    await this.noteChange(manager);
  }

  async remove(manager: EntityManager, kids: readonly string[]): Promise<void> {
    await manager.delete(SigningKeyEntity, { kid: In(kids) });
    await this.noteChange(manager);
  }

  /** Those with a private part, in the order of their ids, after `after`. */
  page(after: string, limit: number): Promise<SigningKeyEntity[]> {
    return this.dataSource.getRepository(SigningKeyEntity).find({
      where: { kid: MoreThan(after), sealedPrivateKey: Not(IsNull()) },
      ...{ order: { kid: 'ASC' }, take: limit },
    });
  }

  /** Seals the same key anew, unless it is another by now. @returns whether it did */
  async replaceSeal(kid: string, sealedPrivateKey: string, by: string): Promise<boolean> {
    const keys = this.dataSource.getRepository(SigningKeyEntity);
    return (await keys.update({ kid, sealedPrivateKey }, { sealedPrivateKey: by })).affected === 1;
  }

  /** How many changes there have been, when verifiers have not been told of all of them. */
  async unannounced(): Promise<string | undefined> {
    const rows = await this.dataSource.query<{ made: string }[]>(
      `SELECT made FROM signing_key_changes WHERE made > announced`,
    );
    return rows[0]?.made;
  }

  /** @param changes as `unannounced` has told before they were announced */
  async noteAnnounced(changes: string): Promise<void> {
    await this.dataSource.query(
      `UPDATE signing_key_changes SET announced = greatest(announced, $1::bigint)`,
      [changes],
    );
  }

  private async noteChange(manager: EntityManager): Promise<void> {
    await manager.query(`UPDATE signing_key_changes SET made = made + 1`);
  }

  private async readWith(manager: EntityManager): Promise<KeyReading> {
    const keys = await manager.find(SigningKeyEntity, { order: { activeFrom: 'ASC', kid: 'ASC' } });
    const [row] = await manager.query<{ now: Date }[]>('SELECT clock_timestamp() AS now');
    return { keys, now: row?.now ?? new Date() };
  }
}
