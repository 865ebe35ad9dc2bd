/** What a session remembers of its refresh tokens. A token names its session and a counter; the counter grows with each rotation. */
export interface RotationState {
  /** Of the newest token that was given out. */
  counter: number;
  /** When it was made, in milliseconds since 1970, by the clock of Redis. */
  rotatedAt: number;
  /** Whom it was given to. */
  device: string;
  /** It was given to nobody: what was to tell of it failed. */
  unanswered?: boolean;
  /** When it was given out, where that was later than it was made. */
  givenAt?: number;
}

export interface Presented {
  counter: number;
  device: string;
}

/**
 * - `rotated`: the token was the newest; there is a new one.
 * - `replayed`: the token was the one before; its successor, which nobody has used yet, is given out again.
 * - `reused`: the token was used before, or by another device: somebody else has it. The session ends.
 */
export type RotationDecision = 'rotated' | 'replayed' | 'reused';

/**
 * Decides what a refresh token is worth. `lua/sessions/rotate-refresh-token.lua` is the same decision, taken on Redis in
 * one step; a test holds the two equal.
 *
 * A token that is **ahead** of the session is validly signed, so it was given out: Redis has lost its last second, and the
 * token counts as the newest. The predecessor is honoured within the window, for the same device, and only while its
 * successor is unused (a used successor has a successor of its own, so the counter has moved on): an answer that was lost,
 * or two tabs. The window begins when the successor was given out: as long as nobody has it, because PostgreSQL was away when
 * it was made, its predecessor is as good as the newest.
 *
 * @param reuseWindowMs how long the predecessor is honoured
 */
export function rotateRefreshToken(
  state: RotationState,
  presented: Presented,
  now: number,
  reuseWindowMs: number,
): { decision: RotationDecision; state: RotationState } {
  if (presented.counter >= state.counter) {
    return {
      decision: 'rotated',
      state: { counter: presented.counter + 1, rotatedAt: now, device: presented.device },
    };
  }
  const predecessor = presented.counter === state.counter - 1;
  const { unanswered = false, givenAt = state.rotatedAt, ...known } = state;
  const inTime = unanswered || now - givenAt <= reuseWindowMs;
  if (predecessor && inTime && presented.device === state.device)
    return { decision: 'replayed', state: unanswered ? { ...known, givenAt: now } : state };
  return { decision: 'reused', state };
}
