import type { MessageHeaders } from '../messages/message-headers.js';
import { HEADER } from '../messages/message-headers.js';

/** One broadcast, with its place in the order of its pattern. */
export interface Broadcast {
  readonly generation: string;
  readonly sequence: number;
  readonly headers: MessageHeaders;
  readonly data: unknown;
}

/** A broadcast as it was published; undefined for what is none, which anybody may have written. */
export function readBroadcast(text: string): Broadcast | undefined {
  try {
    const { generation, sequence, headers, data } = JSON.parse(text) as Partial<Broadcast>;
    if (typeof generation !== 'string' || !Number.isSafeInteger(sequence)) return undefined;
    if (typeof headers !== 'object' || headers === null) return undefined;
    return { generation, sequence: sequence as number, headers, data };
  } catch {
    return undefined;
  }
}

/** What a receiver has applied last; the message id tells a sequence from one that Redis gave out twice. */
export interface BroadcastPosition {
  readonly generation: string;
  readonly sequence: number;
  readonly messageId?: string;
}

/** How far a receiver should be, and the broadcasts from its own sequence on, as far as they are kept. */
export interface BroadcastTail {
  readonly generation: string;
  readonly sequence: number;
  readonly broadcasts: readonly Broadcast[];
  /** By the clock of Redis, when it was read; milliseconds since 1970. */
  readonly time: number;
}

export type CatchUp =
  | { readonly kind: 'apply'; readonly missed: readonly Broadcast[] }
  /** What was missed is not to be had one by one. */
  | { readonly kind: 'reload' };

export function positionOf(broadcast: Broadcast): BroadcastPosition {
  const { generation, sequence, headers } = broadcast;
  return { generation, sequence, messageId: headers[HEADER.messageId] };
}

/** Whether the broadcast is the next one for a receiver at this position. */
export function follows(broadcast: Broadcast, position: BroadcastPosition): boolean {
  return broadcast.generation === position.generation && broadcast.sequence === position.sequence + 1;
}

/** Whether the receiver has applied the broadcast already. */
export function isKnown(broadcast: Broadcast, position: BroadcastPosition): boolean {
  return broadcast.generation === position.generation && broadcast.sequence <= position.sequence;
}

/**
 * What brings a receiver from its position to the end of the tail. It reloads when the generation changed, when Redis
 * went back behind it (its last writes were lost), and when the tail does not join on.
 */
export function catchUp(position: BroadcastPosition, tail: BroadcastTail): CatchUp {
  if (tail.generation !== position.generation || tail.sequence < position.sequence) return { kind: 'reload' };
  const [first, ...rest] = tail.broadcasts;
  const anchored =
    position.sequence === 0 || (first !== undefined && positionOf(first).messageId === position.messageId);
  if (!anchored || (first !== undefined && first.sequence > Math.max(position.sequence, 1)))
    return { kind: 'reload' };
  const missed = position.sequence === 0 ? tail.broadcasts : rest;
  const joined = missed.every((broadcast, index) => broadcast.sequence === position.sequence + 1 + index);
  // There were some, and the tail has none of them.
  if (missed.length === 0 && tail.sequence > position.sequence) return { kind: 'reload' };
  return joined ? { kind: 'apply', missed } : { kind: 'reload' };
}
