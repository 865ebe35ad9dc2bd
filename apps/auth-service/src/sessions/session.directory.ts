import { Injectable } from '@nestjs/common';
import type { SessionAnswer } from '@gatehouse/auth-contracts';
import { SessionManager } from './session.manager.js';
import { UserAgentRepository } from './user-agent.repository.js';

/** Shows people their sessions. */
@Injectable()
export class SessionDirectory {
  constructor(
    private readonly sessions: SessionManager,
    private readonly userAgents: UserAgentRepository,
  ) {}

  /** @param current id of the session that asks */
  async show(userId: string, current?: string): Promise<SessionAnswer[]> {
    const sessions = await this.sessions.listSessions(userId);
    const agents = sessions.flatMap(({ device }) => device.userAgentId ?? []);
    const texts = await this.userAgents.texts([...new Set(agents)]);
    return sessions.map(({ id, createdAt, lastSeenAt, expiresAt, device }) => ({
      id,
      current: id === current,
      createdAt: new Date(createdAt).toISOString(),
      lastSeenAt: new Date(lastSeenAt).toISOString(),
      expiresAt: new Date(expiresAt).toISOString(),
      ip: device.ip,
      userAgent: texts.get(device.userAgentId ?? '') ?? null,
      device: {
        browser: device.browser ?? null,
        os: device.os ?? null,
        type: device.type ?? null,
        name: device.name ?? null,
      },
    }));
  }
}
