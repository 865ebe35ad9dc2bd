import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';

const ACTORS = 1_000;

/** An event as auth-service tells one of a login: with an address, a user agent and a session. */
export function anEvent(n) {
  return {
    id: uuidv7(),
    category: 'auth',
    action: 'auth.login',
    outcome: 'success',
    actor: { type: 'user', id: `user-${n % ACTORS}` },
    target: { type: 'session', id: randomUUID() },
    context: {
      ip: `203.0.113.${n % 250}`,
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0',
      sessionId: randomUUID(),
      requestId: randomUUID(),
      service: 'auth-service',
    },
    details: { method: 'password', device: 'firefox on linux' },
    occurredAt: new Date().toISOString(),
    producer: 'bench',
  };
}

export const events = (count) => Array.from({ length: count }, (_, n) => anEvent(n));
