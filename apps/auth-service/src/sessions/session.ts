/** A signed-in device of a user. Times in milliseconds since 1970, by the clock of Redis. */
export interface Session {
  id: string;
  userId: string;
  role: string;
  /** The account's epoch when the session was made; another one ends it. */
  epoch: number;
  createdAt: number;
  lastSeenAt: number;
  /** Without another refresh it ends then; never after its absolute end. */
  expiresAt: number;
  /** Of the newest refresh token. */
  counter: number;
  /** When the newest refresh token was given out. */
  rotatedAt: number;
  ip: string;
  deviceName?: string;
}

/** What a sign-in knows of the device. */
export interface Device {
  /** Tells devices of one account apart; see `deviceFingerprint`. */
  fingerprint: string;
  ip: string;
  name?: string;
}

/** A session as the decision of Redis left it, and the time of that decision, which tokens are issued as of. */
export interface DecidedSession extends Session {
  decidedAt: number;
}

/** The fields of the hash in Redis, which has no types. */
export type SessionFields = Readonly<Record<string, string>>;

/** @throws TypeError when the hash is not a session */
export function readSession(id: string, userId: string, fields: SessionFields): Session {
  const { role, ip, name } = fields;
  if (role === undefined || ip === undefined) throw new TypeError('Not a session');
  return {
    id,
    userId,
    role,
    epoch: number(fields, 'epoch'),
    createdAt: number(fields, 'created'),
    lastSeenAt: number(fields, 'seen'),
    expiresAt: number(fields, 'expires'),
    counter: number(fields, 'counter'),
    rotatedAt: number(fields, 'rotated'),
    ip,
    deviceName: name,
  };
}

function number(fields: SessionFields, name: string): number {
  const value = Number(fields[name]);
  if (!Number.isFinite(value)) throw new TypeError(`Not a session: ${name}`);
  return value;
}
