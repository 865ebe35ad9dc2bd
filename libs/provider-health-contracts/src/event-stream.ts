import { z } from 'zod';

/** Whoever cannot send the header `Last-Event-ID` sends it so; the header goes first. */
export const EventStreamQuery = z.strictObject({ lastEventId: z.string().max(64).optional() });
export type EventStreamQuery = z.infer<typeof EventStreamQuery>;

/**
 * What `GET /v1/providers/events` sends, each with an id to resume after:
 * `ready` first, when it begins with now; `resumed` first, when it goes on after the id that was given; `reset` first, when
 * that id is none of this stream, so that changes may have been missed and the statuses are to be read anew;
 * `status-changed` with a `StatusChange` for each change of the status of any provider.
 */
export type EventStreamEvent = 'ready' | 'resumed' | 'reset' | 'status-changed';
