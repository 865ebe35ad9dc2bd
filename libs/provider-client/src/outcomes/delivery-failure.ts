import { DomainError } from '@gatehouse/problem-details';

/** Refused whenever they are sent: what was asked, not the moment, is wrong. */
const FOR_EVER = new Set([400, 403, 404, 409, 410, 422]);

/** What to do with a batch that failed: send it again, in parts, or leave it. */
export type AfterFailure = 'again' | 'in-parts' | 'never';

/** An access token that was refused may be another the next time: it is sent again. */
export function afterFailure(error: unknown): AfterFailure {
  if (!(error instanceof DomainError)) return 'again';
  if (error.type === 'payload-too-large') return 'in-parts';
  return FOR_EVER.has(error.status) ? 'never' : 'again';
}

/** Whether the service, or the way to it, is away. */
export const isAway = (error: unknown): boolean => afterFailure(error) === 'again';

const FIRST_MS = 50;
const LONGEST_MS = 1_000;

/** Milliseconds until a batch is sent again: longer each time, and not the same for every process. */
export const retryDelayMs = (failures: number, random: number): number =>
  Math.min(FIRST_MS * 2 ** Math.min(failures - 1, 10), LONGEST_MS) * (0.5 + random / 2);
