import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { ServiceSecret } from './service-secret.entity.js';
import { ServiceSecretHasher } from './service-secret.hasher.js';
import { ServiceSecretRepository } from './service-secret.repository.js';

/** As many as a change from one to the next needs. */
const MOST_SECRETS = 2;

/** The secrets of an account, inside a transaction that has locked it. */
@Injectable()
export class ServiceSecretManager {
  constructor(
    private readonly secrets: ServiceSecretRepository,
    private readonly hasher: ServiceSecretHasher,
  ) {}

  /** Beside the newest one. @returns those that are accepted now, and the ids of those that gave way */
  async add(
    manager: EntityManager,
    accountId: string,
    value: string,
  ): Promise<{ live: ServiceSecret[]; ended: string[] }> {
    const before = await this.secrets.of([accountId], manager);
    const added = this.newSecret(accountId, value);
    await this.secrets.insert(manager, added);
    const all = [...before, added];
    const ended = all.slice(0, -MOST_SECRETS).map(({ id }) => id);
    await this.secrets.remove(manager, ended);
    return { live: all.slice(-MOST_SECRETS), ended };
  }

  /** @returns whether there was such a secret */
  async end(manager: EntityManager, accountId: string, id: string): Promise<boolean> {
    const secrets = await this.secrets.of([accountId], manager);
    if (!secrets.some((secret) => secret.id === id)) return false;
    await this.secrets.remove(manager, [id]);
    return true;
  }

  /** Has this one accepted and no other. */
  async replaceAll(manager: EntityManager, accountId: string, value: string): Promise<void> {
    const secrets = await this.secrets.of([accountId], manager);
    const hashes = secrets.map(({ hash }) => hash);
    const kept = secrets[this.hasher.find(value, hashes)];
    const others = secrets.filter((secret) => secret !== kept).map(({ id }) => id);
    await this.secrets.remove(manager, others);
    if (kept === undefined) await this.secrets.insert(manager, this.newSecret(accountId, value));
  }

  private newSecret(accountId: string, value: string): ServiceSecret {
    const hash = this.hasher.hash(value);
    return { id: uuidv7(), accountId, hash, createdAt: new Date(), lastUsedAt: null };
  }
}
