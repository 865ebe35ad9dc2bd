/** What a signing key may be used for: published ahead, signing, published only, nothing any more. */
export type KeyState = 'next' | 'active' | 'retiring' | 'gone';

export interface TimedKey {
  kid: string;
  algorithm: string;
  /** By the clock of the database, as all times here. */
  activeFrom: Date;
}

export interface KeyRules {
  /** How long a key is published before it signs. */
  aheadMs: number;
  /** How long it is published after it has signed the last time. */
  keptMs: number;
  rotationMs: number;
}

const after = (time: Date, ms: number): Date => new Date(time.getTime() + ms);

/** Seconds that a JWKS may be kept in caches. */
export const JWKS_CACHE_SECONDS = 300;

/** One key after the other: each signs until the next one begins. */
export function inOrder<Key extends TimedKey>(keys: readonly Key[]): Key[] {
  return [...keys].sort(
    (a, b) => a.activeFrom.getTime() - b.activeFrom.getTime() || (a.kid < b.kid ? -1 : 1),
  );
}

/** The key that signs at this time: the last that has begun. */
export const activeKey = <Key extends TimedKey>(keys: readonly Key[], now: Date): Key | undefined =>
  inOrder(keys)
    .filter(({ activeFrom }) => activeFrom <= now)
    .at(-1);

/** When the key is replaced; undefined while none is there to replace it. */
export const retiresAt = (keys: readonly TimedKey[], kid: string): Date | undefined => {
  const ordered = inOrder(keys);
  return ordered[ordered.findIndex((key) => key.kid === kid) + 1]?.activeFrom;
};

export function stateOf(
  keys: readonly TimedKey[],
  key: TimedKey,
  now: Date,
  { keptMs }: Pick<KeyRules, 'keptMs'>,
): KeyState {
  if (key.activeFrom > now) return 'next';
  const retires = retiresAt(keys, key.kid);
  if (retires === undefined || retires > now) return 'active';
  return after(retires, keptMs) > now ? 'retiring' : 'gone';
}

/** What this service signs with, as it is configured. */
export interface WantedKey {
  algorithm: string;
  /** Where the key is given and not made: the one that is given. */
  kid?: string;
  /** Whether it can sign with this key. */
  canUse: (key: TimedKey) => boolean;
}

export type KeyStep = { kind: 'make'; activeFrom: Date } | { kind: 'advance'; activeFrom: Date; kid: string };

/**
 * What is to be done so that there is a key to sign with, now and at the next rotation:
 *
 * - the one that signs now is not there, or cannot be used here: another begins at once;
 * - one that waits for its time: nothing;
 * - the last one is not of the kind that is wanted, or has signed long enough, or a rotation is asked for: another
 *   begins when every verifier knows it.
 */
export function nextStep(
  keys: readonly TimedKey[],
  wanted: WantedKey,
  now: Date,
  { aheadMs, rotationMs }: KeyRules,
  asked = false,
): KeyStep | undefined {
  const active = activeKey(keys, now);
  if (active === undefined || !wanted.canUse(active)) return begin(keys, wanted, now, now);
  const last = inOrder(keys).at(-1);
  if (last === undefined || last.activeFrom > now) return undefined;
  const isGiven = wanted.kid !== undefined;
  const isWanted = last.algorithm === wanted.algorithm && (!isGiven || wanted.kid === last.kid);
  const earliest = after(now, aheadMs);
  const isDue = !isGiven && after(last.activeFrom, rotationMs) <= earliest;
  return !isWanted || asked || isDue ? begin(keys, wanted, now, earliest) : undefined;
}

/** A key that is there already, given or waiting, or a new one. */
function begin(keys: readonly TimedKey[], wanted: WantedKey, now: Date, activeFrom: Date): KeyStep {
  const there = keys.find(({ kid, algorithm, activeFrom: begins }) =>
    wanted.kid === undefined ? algorithm === wanted.algorithm && begins > now : kid === wanted.kid,
  );
  return there === undefined ? { kind: 'make', activeFrom } : { kind: 'advance', activeFrom, kid: there.kid };
}

/** When nothing of the key is left; undefined while nobody can say. */
export function goneAt(keys: readonly TimedKey[], kid: string, { keptMs }: KeyRules): Date | undefined {
  const retires = retiresAt(keys, kid);
  return retires && after(retires, keptMs);
}
