import { Inject, Injectable } from '@nestjs/common';
import { loadScript, REDIS, type RedisConnection, toFields } from '@gatehouse/redis';
import { AuthEnvironment } from '../auth.environment.js';
import type { Presented, RotationDecision } from '../refresh-rotation/refresh-rotation.js';
import { type DecidedSession, type NewSession, readSession, type Session, sessionFields } from './session.js';

const lua = (name: string) => loadScript(new URL(`../../lua/sessions/${name}.lua`, import.meta.url));
const SCRIPTS = {
  create: lua('create-session'),
  rotate: lua('rotate-refresh-token'),
  noteUnanswered: lua('note-unanswered'),
  touch: lua('touch-session'),
  list: lua('list-sessions'),
  end: lua('end-session'),
  endEarlier: lua('end-sessions'),
};

export type Rotation = { decision: RotationDecision; session: DecidedSession } | { decision: 'gone' };

/** Sessions in Redis: a hash each, and a sorted set for each user; the user's id is the hash tag of both. */
@Injectable()
export class SessionRepository {
  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    private readonly environment: AuthEnvironment,
  ) {}

  /** @returns the session, and the ids of the oldest ones, which are to end for it */
  async create(session: NewSession): Promise<{ session: DecidedSession; tooMany: string[] }> {
    const { id, userId, device } = session;
    const { sessionIdleMs, sessionAbsoluteMs, variables } = this.environment;
    const answer = (await SCRIPTS.create.run(this.redis, this.keys(userId, id), [
      ...[id, sessionIdleMs, sessionAbsoluteMs, device.fingerprint, variables.MAX_SESSIONS_PER_USER],
      ...[this.prefix(userId), ...sessionFields(session)],
    ])) as [number, number, ...string[]];
    const [now, expiresAt, ...tooMany] = answer;
    const times = { createdAt: now, lastSeenAt: now, expiresAt, rotatedAt: now, decidedAt: now };
    const { fingerprint: _, ...shown } = device;
    return { session: { ...session, ...times, counter: 0, device: shown }, tooMany };
  }

  async rotate(userId: string, id: string, presented: Presented): Promise<Rotation> {
    const { refreshReuseWindowMs, sessionIdleMs } = this.environment;
    const answer = (await SCRIPTS.rotate.run(
      this.redis,
      [this.prefix(userId) + id],
      [...[presented.counter, presented.device, refreshReuseWindowMs, sessionIdleMs]],
    )) as [RotationDecision | 'gone', number, ...string[]];
    const [decision, decidedAt, ...fields] = answer;
    if (decision === 'gone') return { decision };
    return { decision, session: { ...readSession(id, userId, toFields(fields)), decidedAt } };
  }

  async noteUnanswered(userId: string, id: string, counter: number): Promise<void> {
    await SCRIPTS.noteUnanswered.run(this.redis, [this.prefix(userId) + id], [counter]);
  }

  async find(userId: string, id: string): Promise<Session | undefined> {
    const fields = await this.redis.hgetall(this.prefix(userId) + id);
    return Object.keys(fields).length === 0 ? undefined : readSession(id, userId, fields);
  }

  /** The newest first. */
  async list(userId: string): Promise<Session[]> {
    const rows = await SCRIPTS.list.run(this.redis, [this.indexKey(userId)], [this.prefix(userId)]);
    return (rows as [string, ...string[]][]).map(([id, ...fields]) =>
      readSession(id, userId, toFields(fields)),
    );
  }

  async touch(userId: string, id: string, atMostEveryMs: number): Promise<void> {
    await SCRIPTS.touch.run(this.redis, [this.prefix(userId) + id], [atMostEveryMs]);
  }

  /** @returns whether there was such a session */
  async end(userId: string, id: string): Promise<boolean> {
    return (await SCRIPTS.end.run(this.redis, this.keys(userId, id), [id])) === 1;
  }

  /** Ends the sessions of earlier epochs; the one that is left out goes on in this epoch. */
  async endEarlier(userId: string, epoch: number, exceptSession?: string): Promise<void> {
    const args = [this.prefix(userId), epoch, exceptSession ?? ''];
    await SCRIPTS.endEarlier.run(this.redis, [this.indexKey(userId)], args);
  }

  private keys(userId: string, id: string): [string, string] {
    return [this.prefix(userId) + id, this.indexKey(userId)];
  }

  private indexKey(userId: string): string {
    return `${this.environment.namespace}:sessions:{${userId}}`;
  }

  /** What precedes the id of a session in its key. */
  private prefix(userId: string): string {
    return `${this.environment.namespace}:session:{${userId}}:`;
  }
}
