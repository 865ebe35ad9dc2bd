/** A signed-in device of a user. Times in milliseconds since 1970, by the clock of Redis. */
export interface Session {
  id: string;
  userId: string;
  role: string;
  /** The account's epoch when the session was made; a later one ends it. */
  epoch: number;
  createdAt: number;
  lastSeenAt: number;
  /** Without another refresh it ends then; never after its absolute end. */
  expiresAt: number;
  /** Of the newest refresh token. */
  counter: number;
  /** When the newest refresh token was given out. */
  rotatedAt: number;
  device: ShownDevice;
}

/** What is told of a device. */
export interface ShownDevice {
  ip: string;
  /** As its user calls it. */
  name?: string;
  browser?: string;
  os?: string;
  /** `desktop`, `mobile`, `tablet`, … */
  type?: string;
  /** Where the whole user agent is kept: sessions that have the same share it. */
  userAgentId?: string;
}

/** What a sign-in knows of the device. */
export interface Device extends ShownDevice {
  /** Tells devices of one account apart; see `deviceFingerprint`. */
  fingerprint: string;
}

export interface NewSession {
  id: string;
  userId: string;
  role: string;
  epoch: number;
  device: Device;
}

/** A session as the decision of Redis left it, and the time of that decision, which tokens are issued as of. */
export interface DecidedSession extends Session {
  decidedAt: number;
}

/** The fields of the hash in Redis, which has no types. */
export type SessionFields = Readonly<Record<string, string>>;

/**
 * The names of the fields in the hash, which the scripts of `lua/sessions` know too. There may be millions of sessions: with
 * whole words as names each would take 64 bytes more. Only the scripts read `a`, the absolute end, and `d`, the fingerprint
 * of the device.
 */
const FIELDS = {
  role: 'o',
  epoch: 'e',
  createdAt: 'c',
  lastSeenAt: 's',
  expiresAt: 'x',
  counter: 'n',
  rotatedAt: 'r',
} as const;

/** The same of `ShownDevice`. */
const DEVICE_FIELDS = {
  ip: 'i',
  name: 'm',
  browser: 'b',
  os: 'y',
  type: 't',
  userAgentId: 'u',
} as const;

/** Fields and values in turn, without those that Redis decides. */
export function sessionFields({ role, epoch, device }: NewSession): (string | number)[] {
  const fields: (string | number)[] = [FIELDS.role, role, FIELDS.epoch, epoch];
  for (const [name, field] of Object.entries(DEVICE_FIELDS)) {
    const value = device[name as keyof ShownDevice];
    if (value !== undefined) fields.push(field, value);
  }
  return fields;
}

/** @throws TypeError when the hash is not a session */
export function readSession(id: string, userId: string, fields: SessionFields): Session {
  const role = fields[FIELDS.role];
  const ip = fields[DEVICE_FIELDS.ip];
  if (role === undefined || ip === undefined) throw new TypeError('Not a session');
  return {
    id,
    userId,
    role,
    epoch: number(fields, FIELDS.epoch),
    createdAt: number(fields, FIELDS.createdAt),
    lastSeenAt: number(fields, FIELDS.lastSeenAt),
    expiresAt: number(fields, FIELDS.expiresAt),
    counter: number(fields, FIELDS.counter),
    rotatedAt: number(fields, FIELDS.rotatedAt),
    device: {
      ip,
      name: fields[DEVICE_FIELDS.name],
      browser: fields[DEVICE_FIELDS.browser],
      os: fields[DEVICE_FIELDS.os],
      type: fields[DEVICE_FIELDS.type],
      userAgentId: fields[DEVICE_FIELDS.userAgentId],
    },
  };
}

function number(fields: SessionFields, name: string): number {
  const value = Number(fields[name]);
  if (!Number.isFinite(value)) throw new TypeError(`Not a session: ${name}`);
  return value;
}
