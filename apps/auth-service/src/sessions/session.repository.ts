import { Inject, Injectable } from '@nestjs/common';
import { loadScript, REDIS, type RedisConnection, toFields } from '@gatehouse/redis';
import { AuthEnvironment } from '../auth.environment.js';
import type { Presented, RotationDecision } from '../refresh-rotation/refresh-rotation.js';
import { type DecidedSession, type Device, readSession, type Session } from './session.js';

const lua = (name: string) => loadScript(new URL(`../../lua/sessions/${name}.lua`, import.meta.url));
const SCRIPTS = {
  create: lua('create-session'),
  rotate: lua('rotate-refresh-token'),
  touch: lua('touch-session'),
  end: lua('end-session'),
};

export interface NewSession {
  id: string;
  userId: string;
  role: string;
  epoch: number;
  device: Device;
}

export type Rotation =
  | { decision: Exclude<RotationDecision, 'reused'>; session: DecidedSession }
  | { decision: 'reused' | 'gone' };

/** Sessions in Redis: a hash each, and a sorted set for each user; the user's id is the hash tag of both. */
@Injectable()
export class SessionRepository {
  constructor(
    @Inject(REDIS) private readonly redis: RedisConnection,
    private readonly environment: AuthEnvironment,
  ) {}

  async create(session: NewSession): Promise<DecidedSession> {
    const { id, userId, role, epoch, device } = session;
    const fields = [
      'role',
      role,
      'epoch',
      epoch,
      'ip',
      device.ip,
      ...(device.name === undefined ? [] : ['name', device.name]),
    ];
    const { sessionIdleMs, sessionAbsoluteMs } = this.environment;
    const answer = (await SCRIPTS.create.run(this.redis, this.keys(userId, id), [
      ...[id, sessionIdleMs, sessionAbsoluteMs, device.fingerprint],
      ...fields,
    ])) as [number, number];
    const [now, expiresAt] = answer;
    return {
      ...{ id, userId, role, epoch, createdAt: now, lastSeenAt: now, expiresAt, counter: 0, rotatedAt: now },
      ...{ ip: device.ip, deviceName: device.name, decidedAt: now },
    };
  }

  async rotate(userId: string, id: string, presented: Presented): Promise<Rotation> {
    const { refreshReuseWindowMs, sessionIdleMs } = this.environment;
    const answer = (await SCRIPTS.rotate.run(this.redis, this.keys(userId, id), [
      ...[id, presented.counter, presented.device, refreshReuseWindowMs, sessionIdleMs],
    ])) as [RotationDecision | 'gone', number, ...string[]];
    const [decision, decidedAt, ...fields] = answer;
    if (decision === 'gone' || decision === 'reused') return { decision };
    return { decision, session: { ...readSession(id, userId, toFields(fields)), decidedAt } };
  }

  async find(userId: string, id: string): Promise<Session | undefined> {
    const fields = await this.redis.hgetall(this.sessionKey(userId, id));
    return Object.keys(fields).length === 0 ? undefined : readSession(id, userId, fields);
  }

  async touch(userId: string, id: string, atMostEveryMs: number): Promise<void> {
    await SCRIPTS.touch.run(this.redis, [this.sessionKey(userId, id)], [atMostEveryMs]);
  }

  /** @returns whether there was such a session */
  async end(userId: string, id: string): Promise<boolean> {
    return (await SCRIPTS.end.run(this.redis, this.keys(userId, id), [id])) === 1;
  }

  private keys(userId: string, id: string): [string, string] {
    return [this.sessionKey(userId, id), `${this.environment.namespace}:sessions:{${userId}}`];
  }

  private sessionKey(userId: string, id: string): string {
    return `${this.environment.namespace}:session:{${userId}}:${id}`;
  }
}
