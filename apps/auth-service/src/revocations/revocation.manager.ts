import { Injectable } from '@nestjs/common';
import { RevocationFeed } from '@gatehouse/access-control';
import type { Revocation, RevocationPage } from '@gatehouse/auth-contracts';
import type { StatementCondition } from '@gatehouse/database';
import { DataSource, type EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import { AuthEnvironment } from '../auth.environment.js';
import type { RevocationEntity } from './revocation.entity.js';
import { RevocationRelay } from './revocation.relay.js';
import { RevocationRepository, type UndatedRevocation } from './revocation.repository.js';
import { toRevocation } from './revocation-answer.js';

/** A page of them stays below what one reply may have. */
const PAGE = 2_000;

/** What is to be revoked. */
export interface NewRevocation extends Omit<Revocation, 'revokedAt' | 'expiresAt'> {
  /** Whose session or token it is. */
  accountId?: string;
}

export type Revoke = (...revocations: NewRevocation[]) => Promise<void>;

/** Revokes, so that what was acknowledged holds whatever is killed afterwards. */
@Injectable()
export class RevocationManager {
  constructor(
    private readonly dataSource: DataSource,
    private readonly revocations: RevocationRepository,
    private readonly relay: RevocationRelay,
    private readonly feed: RevocationFeed,
    private readonly environment: AuthEnvironment,
  ) {}

  /**
   * Makes a change and revokes in one transaction. When it resolves the revocation is in PostgreSQL; it is published and
   * its sessions are ended then, or, where Redis is away, as soon as it is back.
   */
  async transaction<Result>(
    work: (manager: EntityManager, revoke: Revoke) => Promise<Result>,
  ): Promise<Result> {
    const made: RevocationEntity[] = [];
    const result = await this.dataSource.transaction(async (manager) => {
      return work(manager, async (...revocations) => {
        if (revocations.length === 0) return;
        const { revocationMs } = this.environment;
        made.push(...(await this.revocations.insert(manager, revocations.map(newRow), revocationMs)));
      });
    });
    for (const row of made) this.feed.add(toRevocation(row));
    await this.relay.settle(made);
    return result;
  }

  /** Whether the session has ended, whatever Redis says of it. */
  hasEnded(
    manager: EntityManager,
    session: { id: string; userId: string; epoch: number },
    accountEpoch: number,
  ): Promise<boolean> {
    return this.revocations.hasEnded(manager, session, accountEpoch);
  }

  /** Whether the session has been revoked by itself. */
  hasSession(manager: EntityManager, sessionId: string): Promise<boolean> {
    return this.revocations.hasSession(manager, sessionId);
  }

  /** Whether it has ended, or its account may not sign in, for a statement that does something unless that is so. */
  ended(session: { id: string; userId: string; epoch: number }): StatementCondition {
    return this.revocations.ended(session);
  }

  /**
   * The revocations in force, by pages. What is made meanwhile may be missing: whoever listens to `auth.revoked` from
   * before the first page on misses nothing.
   */
  async inForce(after?: string): Promise<RevocationPage> {
    const rows = await this.revocations.inForce(after, PAGE);
    return {
      revocations: rows.map(toRevocation),
      ...(rows.length === PAGE ? { next: rows[PAGE - 1]?.id } : {}),
    };
  }
}

function newRow({ kind, id, accountId, epoch, exceptSession }: NewRevocation): UndatedRevocation {
  return {
    id: uuidv7(),
    kind,
    subject: id,
    accountId: accountId ?? (kind === 'account' ? id : null),
    epoch: epoch ?? null,
    exceptSession: exceptSession ?? null,
  };
}
