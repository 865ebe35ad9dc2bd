import { Injectable } from '@nestjs/common';
import { UnauthenticatedError } from '@gatehouse/access-control';
import type { EntityManager } from 'typeorm';
import { v7 as uuidv7 } from 'uuid';
import type { Presented } from '../refresh-rotation/refresh-rotation.js';
import { RevocationManager } from '../revocations/revocation.manager.js';
import { RevocationRelay } from '../revocations/revocation.relay.js';
import { deviceFingerprint } from './device-fingerprint.js';
import type { DecidedSession, Session } from './session.js';
import { type Rotation, SessionRepository } from './session.repository.js';
import { describeUserAgent, userAgentOf } from './user-agent.js';
import { UserAgentRepository } from './user-agent.repository.js';

/** Activity of a session is written at most this often. */
const ACTIVITY_MS = 60_000;

/** What a sign-in tells of its device. */
export interface SignInDevice {
  ip: string;
  userAgent?: string;
  /** As its user calls it. */
  name?: string;
}

/** What belongs to the same change: its audit event. */
type Also = (manager: EntityManager) => Promise<void>;

/** Begins, finds, renews and ends sessions. What was ended stays so, whatever is killed or lost afterwards. */
@Injectable()
export class SessionManager {
  constructor(
    private readonly sessions: SessionRepository,
    private readonly revocations: RevocationManager,
    private readonly userAgents: UserAgentRepository,
    relay: RevocationRelay,
  ) {
    relay.also(async ({ kind, subject, accountId, epoch, exceptSession }) => {
      if (kind === 'session' && accountId !== null) await this.sessions.end(accountId, subject);
      if (kind === 'account') {
        await this.sessions.endEarlier(subject, epoch ?? 0, exceptSession ?? undefined);
      }
    });
  }

  /** @returns the session, and the ids of the oldest ones, which the caller is to end for it */
  async createSession(
    manager: EntityManager,
    { signIn, ...of }: { userId: string; role: string; epoch: number; signIn: SignInDevice },
  ): Promise<{ session: DecidedSession; tooMany: string[] }> {
    const { ip, name } = signIn;
    const agent = userAgentOf(signIn.userAgent);
    if (agent !== undefined) await this.userAgents.keep(manager, agent);
    const fingerprint = deviceFingerprint(signIn.userAgent);
    const device = { fingerprint, ip, name, ...describeUserAgent(agent), userAgentId: agent?.id };
    return this.sessions.create({ id: uuidv7(), ...of, device });
  }

  /** The session, when it has not ended. */
  getSession(userId: string, sessionId: string): Promise<Session | undefined> {
    return this.sessions.find(userId, sessionId);
  }

  /** The live sessions of a user, the newest first. */
  listSessions(userId: string): Promise<Session[]> {
    return this.sessions.list(userId);
  }

  /** Takes a refresh token for what it is worth; see `rotateRefreshToken`. One that was reused is for the caller to act on. */
  rotateSession(userId: string, sessionId: string, presented: Presented): Promise<Rotation> {
    return this.sessions.rotate(userId, sessionId, presented);
  }

  /** Notes that the refresh token with this counter was made and given to nobody, so that its predecessor stays good. */
  noteUnanswered(userId: string, sessionId: string, counter: number): Promise<void> {
    return this.sessions.noteUnanswered(userId, sessionId, counter);
  }

  /** Notes that the session is in use, at most once a minute. */
  async updateSessionActivity(session: Session, now: number): Promise<void> {
    if (now - session.lastSeenAt >= ACTIVITY_MS)
      await this.sessions.touch(session.userId, session.id, ACTIVITY_MS);
  }

  /** Ends a session and refuses its tokens. */
  async invalidateSession(userId: string, sessionId: string, also: Also): Promise<void> {
    await this.revocations.transaction(async (manager, revoke) => {
      await also(manager);
      await revoke({ kind: 'session', id: sessionId, accountId: userId });
    });
  }

  /**
   * Ends the sessions of a user and refuses their tokens.
   *
   * @param raiseEpoch raises the epoch of the account and returns it: what is made meanwhile of an earlier one ends too
   * @param except id of a session that goes on
   * @returns how many there were
   * @throws UnauthenticatedError when the session that is to go on has ended: Redis may not have been told yet
   */
  async invalidateAllSessions(
    userId: string,
    raiseEpoch: (manager: EntityManager) => Promise<number>,
    { except, also }: { except?: string; also: Also },
  ): Promise<number> {
    const sessions = await this.sessions.list(userId);
    const goingOn = sessions.find(({ id }) => id === except);
    await this.revocations.transaction(async (manager, revoke) => {
      const epoch = await raiseEpoch(manager);
      if (except !== undefined) await this.demandAlive(manager, goingOn, epoch - 1);
      await also(manager);
      await revoke({ kind: 'account', id: userId, epoch, exceptSession: except });
    });
    return goingOn === undefined ? sessions.length : sessions.length - 1;
  }

  /** What ended before must not go on because a later end leaves it out. */
  private async demandAlive(
    manager: EntityManager,
    session: Session | undefined,
    accountEpoch: number,
  ): Promise<void> {
    if (session === undefined || (await this.revocations.hasEnded(manager, session, accountEpoch)))
      throw new UnauthenticatedError({ reason: 'the session has ended' });
  }

  /** A session that nobody knows of: it leaves no trace. */
  async discardSession(userId: string, sessionId: string): Promise<void> {
    await this.sessions.end(userId, sessionId);
  }
}
