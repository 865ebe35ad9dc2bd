import { createPrivateKey, type KeyObject } from 'node:crypto';
import { Injectable, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { DatabaseConnection } from '@gatehouse/database';
import { Keyring } from '@gatehouse/envelope-encryption';
import { StartGate } from '@gatehouse/service-bootstrap';
import type { JSONWebKeySet } from 'jose';
import { AuthEnvironment } from '../auth.environment.js';
import { newSigningKey } from './new-signing-key.js';
import type { SigningKeyEntity } from './signing-key.entity.js';
import { SigningKeyRepository } from './signing-key.repository.js';

export interface SigningKey {
  kid: string;
  algorithm: 'ES256';
  privateKey: KeyObject;
}

interface LoadedKeys {
  active: SigningKey;
  jwks: JSONWebKeySet;
}

/** The keys of access tokens: made at the first start, sealed in the database, read once and kept in memory. */
@Injectable()
export class SigningKeyManager implements OnApplicationBootstrap {
  private readonly logger = new Logger(SigningKeyManager.name);
  private readonly keyring: Keyring;
  private loaded?: Promise<LoadedKeys>;

  constructor(
    private readonly keys: SigningKeyRepository,
    private readonly database: DatabaseConnection,
    private readonly gate: StartGate,
    environment: AuthEnvironment,
  ) {
    this.keyring = new Keyring(environment.encryptionKeys);
  }

  /** Reads the keys as soon as the database is there, so that they are in memory should it go away. */
  onApplicationBootstrap(): void {
    const read = this.database.whenReady().then(() => this.load());
    read.catch((error: unknown) => this.logger.error({ err: error }, 'The signing keys cannot be used'));
    this.gate.hold('signing keys', read);
  }

  /** The key that tokens are signed with now. Rejects while the database was never there. */
  async active(): Promise<SigningKey> {
    return (await this.load()).active;
  }

  /** What verifiers need (RFC 7517 §5): the public part of every key that a live token may be signed with. */
  async jwks(): Promise<JSONWebKeySet> {
    return (await this.load()).jwks;
  }

  private load(): Promise<LoadedKeys> {
    this.loaded ??= this.read().catch((error: unknown) => {
      this.loaded = undefined;
      throw error;
    });
    return this.loaded;
  }

  private async read(): Promise<LoadedKeys> {
    const rows = await this.keys.allOrFirst(() => this.make());
    const [newest] = rows as [SigningKeyEntity];
    const pem = this.keyring.open(newest.sealedPrivateKey, contextOf(newest.kid));
    return {
      active: { kid: newest.kid, algorithm: 'ES256', privateKey: createPrivateKey(pem) },
      jwks: { keys: rows.map((row) => row.publicJwk) },
    };
  }

  private make(): Omit<SigningKeyEntity, 'createdAt'> {
    const { kid, algorithm, publicJwk, privateKey } = newSigningKey();
    this.logger.log(`Made the first signing key, ${kid}`);
    return {
      kid,
      algorithm,
      publicJwk,
      sealedPrivateKey: this.keyring.seal(Buffer.from(privateKey), contextOf(kid)),
    };
  }
}

const contextOf = (kid: string): string => `signing-key:${kid}`;
