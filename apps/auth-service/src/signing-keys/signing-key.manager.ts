import { Injectable } from '@nestjs/common';
import { NextRun } from '@gatehouse/access-control';
import type { SigningKeyAnswer } from '@gatehouse/auth-contracts';
import { DependencyUnavailableError } from '@gatehouse/problem-details';
import type { JSONWebKeySet } from 'jose';
import { AuthEnvironment } from '../auth.environment.js';
import { activeKey, goneAt, retiresAt, stateOf } from './key-timeline.js';
import { type KeyReading, SigningKeyRepository } from './signing-key.repository.js';
import { SigningKeyRotator } from './signing-key.rotator.js';
import { type SigningKey, SigningKeyVault } from './signing-key.vault.js';

export type { SigningKey } from './signing-key.vault.js';

interface HeldKeys extends KeyReading {
  /** On the monotonic clock of this process, when the database said `now`. */
  readAt: number;
  jwks: JSONWebKeySet;
}

/**
 * The signing keys as this process holds them: read again and again, and in memory should the database go away. Which of
 * them signs is told by the clock of the database, so that all replicas sign with the same one.
 */
@Injectable()
export class SigningKeyManager {
  private readonly reading = new NextRun(() => this.read());
  private held?: HeldKeys;

  constructor(
    private readonly keys: SigningKeyRepository,
    private readonly rotator: SigningKeyRotator,
    private readonly vault: SigningKeyVault,
    private readonly environment: AuthEnvironment,
  ) {}

  /**
   * The key that tokens are signed with now.
   *
   * @throws DependencyUnavailableError, or what the driver throws, while there is none and none can be had
   */
  async active(): Promise<SigningKey> {
    let key = this.activeHeld();
    if (key === undefined) {
      await this.refresh();
      key = this.activeHeld();
    }
    if (key === undefined) throw new DependencyUnavailableError('The signing keys');
    return this.vault.open(key);
  }

  /** What verifiers need (RFC 7517 §5): the public part of every key that a live token may be signed with. */
  async jwks(): Promise<JSONWebKeySet> {
    return (this.held ?? (await this.refresh())).jwks;
  }

  /** The same, read now; as it was read last while the database is away. */
  async jwksNow(): Promise<JSONWebKeySet> {
    await this.refresh().catch((error: unknown) => {
      if (this.held === undefined) throw error;
    });
    return this.jwks();
  }

  /** Every key with its state, the one that signs last at the end. */
  async list(): Promise<SigningKeyAnswer[]> {
    const { keys, now } = await this.refresh();
    const { keyRules } = this.environment;
    return keys.map((key) => ({
      kid: key.kid,
      algorithm: key.algorithm,
      state: stateOf(keys, key, now, keyRules),
      createdAt: key.createdAt.toISOString(),
      activeFrom: key.activeFrom.toISOString(),
      retiresAt: retiresAt(keys, key.kid)?.toISOString() ?? null,
      goneAt: goneAt(keys, key.kid, keyRules)?.toISOString() ?? null,
    }));
  }

  /** Does what is due, and reads the keys as they are then. */
  refresh(): Promise<KeyReading & { jwks: JSONWebKeySet }> {
    return this.reading.run();
  }

  /** The time by the clock of the database, by which keys begin and end. */
  async now(): Promise<Date> {
    if (this.held === undefined) await this.refresh();
    return timeOf(this.held as HeldKeys);
  }

  private activeHeld() {
    if (this.held === undefined) return undefined;
    const key = activeKey(this.held.keys, timeOf(this.held));
    return key !== undefined && this.vault.wanted.canUse(key) ? key : undefined;
  }

  private async read(): Promise<HeldKeys> {
    let reading = await this.keys.read();
    if (this.rotator.isDue(reading)) {
      await this.rotator.rotateDue();
      reading = await this.keys.read();
    }
    const jwks = { keys: reading.keys.flatMap(({ publicJwk }) => publicJwk ?? []) };
    const isSame = JSON.stringify(jwks) === JSON.stringify(this.held?.jwks);
    this.held = {
      ...reading,
      readAt: performance.now(),
      // The same keys are the same object: who was given them need not read them again.
      jwks: isSame && this.held !== undefined ? this.held.jwks : jwks,
    };
    this.vault.keepOnly(new Set(reading.keys.map(({ kid }) => kid)));
    return this.held;
  }
}

const timeOf = ({ now, readAt }: HeldKeys): Date => new Date(now.getTime() + performance.now() - readAt);
