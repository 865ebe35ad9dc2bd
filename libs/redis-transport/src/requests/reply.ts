import { fromProblem, type ProblemDetails, toProblem } from '@gatehouse/problem-details';

/** One value of an answer, or its end, on its way to the caller. */
export interface Reply {
  /** Correlation id. */
  c: string;
  /** A value; absent when the answer ends without one more. */
  v?: unknown;
  /** The answer ends in this problem. */
  e?: ProblemDetails;
  /** More is to come. */
  m?: 1;
}

/** What the observer of Nest's `ClientProxy` is told. */
export interface ReplyPacket {
  err?: Error;
  response?: unknown;
  isDisposed?: boolean;
}

export function problemReply(correlationId: string, error: unknown): Reply {
  return { c: correlationId, e: toProblem(error) };
}

/** The replies of one message on a channel: one, or a list of them. What is no reply is left out. */
export function parseReplies(text: string): Reply[] {
  try {
    const parsed = JSON.parse(text) as unknown;
    return (Array.isArray(parsed) ? parsed : [parsed]).filter(isReply);
  } catch {
    return [];
  }
}

/** Most characters of replies that travel as one message. */
const MOST_TOGETHER = 65_536;

/** Channels and texts to publish in turn: replies to the same channel, which are JSON, travel together. */
export function groupReplies(replies: readonly { channel: string; text: string }[]): string[] {
  if (replies.length === 1 && replies[0] !== undefined) return [replies[0].channel, replies[0].text];
  const open = new Map<string, string[]>();
  const lengths = new Map<string, number>();
  const published: string[] = [];
  const close = (channel: string, texts: readonly string[]) =>
    published.push(channel, texts.length === 1 ? (texts[0] ?? '') : `[${texts.join()}]`);
  for (const { channel, text } of replies) {
    const texts = open.get(channel);
    const length = (lengths.get(channel) ?? 0) + text.length;
    if (texts !== undefined && length <= MOST_TOGETHER) {
      texts.push(text);
      lengths.set(channel, length);
      continue;
    }
    if (texts !== undefined) close(channel, texts);
    open.set(channel, [text]);
    lengths.set(channel, text.length);
  }
  for (const [channel, texts] of open) close(channel, texts);
  return published;
}

export function toPacket(reply: Reply): ReplyPacket {
  if (reply.e !== undefined) return { err: fromProblem(reply.e), isDisposed: true };
  return { response: reply.v, isDisposed: reply.m === undefined };
}

function isReply(value: unknown): value is Reply {
  return typeof value === 'object' && value !== null && 'c' in value && typeof value.c === 'string';
}
