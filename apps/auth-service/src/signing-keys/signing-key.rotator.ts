import { Injectable, Logger } from '@nestjs/common';
import { SecurityAudit } from '@gatehouse/audit-client';
import type { Principal } from '@gatehouse/auth-contracts';
import { NotFoundError } from '@gatehouse/problem-details';
import type { RequestContext } from '@gatehouse/service-bootstrap';
import type { EntityManager } from 'typeorm';
import { AuthEnvironment } from '../auth.environment.js';
import { activeKey, nextStep, stateOf } from './key-timeline.js';
import { type KeyReading, SigningKeyRepository } from './signing-key.repository.js';
import { SigningKeyVault } from './signing-key.vault.js';
import { SharedSecretError } from './signing-keys.errors.js';

/** Who asks for a change, and from where; nobody where the service makes it by itself. */
export interface KeyRequest {
  by: Principal;
  request: RequestContext;
}

/**
 * Makes, advances and removes signing keys. Each decision is taken under one lock, on the keys as they are then and by the
 * clock of the database: however many replicas find that a key is due, one makes it.
 */
@Injectable()
export class SigningKeyRotator {
  private readonly logger = new Logger(SigningKeyRotator.name);

  constructor(
    private readonly keys: SigningKeyRepository,
    private readonly vault: SigningKeyVault,
    private readonly audit: SecurityAudit,
    private readonly environment: AuthEnvironment,
  ) {}

  /** Whether `rotateDue` would do something. */
  isDue({ keys, now }: KeyReading): boolean {
    const due = nextStep(keys, this.vault.wanted, now, this.environment.keyRules);
    return due !== undefined || this.gone({ keys, now }).length > 0;
  }

  /** Does what is due: a key is made ahead of its time, and those that are over are removed. */
  async rotateDue(): Promise<void> {
    await this.keys.change(async (manager, reading) => {
      await this.step(manager, reading);
      const gone = this.gone(reading);
      if (gone.length > 0) await this.keys.remove(manager, gone);
    });
  }

  /**
   * Makes the next key, unless one waits already.
   *
   * @throws SharedSecretError
   */
  async rotate(asked: KeyRequest): Promise<void> {
    if (this.vault.wanted.kid !== undefined) throw new SharedSecretError();
    await this.keys.change((manager, reading) => this.step(manager, reading, asked));
  }

  /**
   * Takes a key out at once: no token of it is valid any more. Where it was the one that signs, the next one begins.
   *
   * @throws NotFoundError
   * @throws SharedSecretError
   */
  async withdraw(kid: string, { by, request }: KeyRequest): Promise<void> {
    await this.keys.change(async (manager, { keys, now }) => {
      const key = keys.find((candidate) => candidate.kid === kid);
      if (key === undefined) throw new NotFoundError();
      if (key.algorithm === 'HS256') throw new SharedSecretError();
      await this.keys.remove(manager, [kid]);
      await this.audit.enlist(manager).logAuthEvent({
        action: 'auth.signing-key-withdrawn',
        outcome: 'success',
        actor: { type: by.type, id: by.id },
        target: { type: 'signing-key', id: kid },
        context: { ...request, sessionId: by.sessionId },
        details: { state: stateOf(keys, key, now, this.environment.keyRules) },
      });
      if (activeKey(keys, now)?.kid !== kid) return;
      // Not one that signed before: it is on its way out.
      const waiting = keys.filter(({ activeFrom }) => activeFrom > now);
      await this.step(manager, { keys: waiting, now }, { by, request });
    });
    this.logger.warn(`Withdrew the signing key ${kid}`);
  }

  private async step(manager: EntityManager, { keys, now }: KeyReading, asked?: KeyRequest): Promise<void> {
    const step = nextStep(keys, this.vault.wanted, now, this.environment.keyRules, asked !== undefined);
    if (step === undefined) return;
    const { activeFrom } = step;
    const kid = step.kind === 'make' ? await this.make(manager, now, activeFrom) : step.kid;
    if (step.kind === 'advance') await this.keys.advance(manager, step.kid, activeFrom);
    await this.audit.enlist(manager).logAuthEvent({
      action: 'auth.signing-key-rotated',
      outcome: 'success',
      actor:
        asked === undefined
          ? { type: 'system', id: 'auth-service' }
          : { type: asked.by.type, id: asked.by.id },
      target: { type: 'signing-key', id: kid },
      context: { ...asked?.request, sessionId: asked?.by.sessionId },
      details: { algorithm: this.vault.wanted.algorithm, activeFrom: activeFrom.toISOString() },
    });
    this.logger.log(`The signing key ${kid} signs from ${activeFrom.toISOString()}`);
  }

  private async make(manager: EntityManager, now: Date, activeFrom: Date): Promise<string> {
    const key = await this.vault.make(now, activeFrom);
    await this.keys.insert(manager, key);
    return key.kid;
  }

  private gone({ keys, now }: KeyReading): string[] {
    return keys
      .filter((key) => stateOf(keys, key, now, this.environment.keyRules) === 'gone')
      .map(({ kid }) => kid);
  }
}
