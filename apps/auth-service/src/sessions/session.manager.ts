import { Injectable } from '@nestjs/common';
import { v7 as uuidv7 } from 'uuid';
import type { Presented } from '../refresh-rotation/refresh-rotation.js';
import type { DecidedSession, Device, Session } from './session.js';
import { type Rotation, SessionRepository } from './session.repository.js';

/** Activity of a session is written at most this often. */
const ACTIVITY_MS = 60_000;

/** Begins, finds, renews and ends sessions. */
@Injectable()
export class SessionManager {
  constructor(private readonly sessions: SessionRepository) {}

  createSession(of: {
    userId: string;
    role: string;
    epoch: number;
    device: Device;
  }): Promise<DecidedSession> {
    return this.sessions.create({ id: uuidv7(), ...of });
  }

  /** The session, when it has not ended. */
  getSession(userId: string, sessionId: string): Promise<Session | undefined> {
    return this.sessions.find(userId, sessionId);
  }

  /** Takes a refresh token for what it is worth; see `rotateRefreshToken`. A reuse ends the session. */
  rotateSession(userId: string, sessionId: string, presented: Presented): Promise<Rotation> {
    return this.sessions.rotate(userId, sessionId, presented);
  }

  /** Notes that the session is in use, at most once a minute. */
  async updateSessionActivity(session: Session, now: number): Promise<void> {
    if (now - session.lastSeenAt >= ACTIVITY_MS)
      await this.sessions.touch(session.userId, session.id, ACTIVITY_MS);
  }

  /** @returns whether there was such a session */
  invalidateSession(userId: string, sessionId: string): Promise<boolean> {
    return this.sessions.end(userId, sessionId);
  }
}
