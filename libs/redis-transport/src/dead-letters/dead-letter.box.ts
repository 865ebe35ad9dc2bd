import { loadScript, type RedisConnection } from '@gatehouse/redis';
import { Cluster } from 'ioredis';
import { type DeadLetter, replayHeaders, toDeadLetter } from './dead-letter.js';
import { toFields } from '../messages/message.js';

const replayMessage = loadScript(new URL('../../lua/dead-letters/replay-message.lua', import.meta.url));

const PAGE = 100;

/** Whose dead letters: requests to a service, or events of an owner that a subscribing service gave up. */
export interface DeadLetterBoxName {
  /** `requests/audit`, `events/providers/audit`. */
  readonly name: string;
  /** The stream from which they came. */
  readonly stream: string;
  /** The stream that holds them. */
  readonly letters: string;
  /** The service that gave up an event. */
  readonly subscriber?: string;
}

/** @returns undefined when the key is no stream of dead letters */
export function deadLetterBoxOf(key: string): DeadLetterBoxName | undefined {
  const requests = /^[^:]+:\{([^}]+)\}:requests:dead$/.exec(key);
  if (requests !== null) {
    return { name: `requests/${requests[1]}`, stream: key.slice(0, -':dead'.length), letters: key };
  }
  const events = /^([^:]+:\{([^}]+)\}:events):dead:([^:]+)$/.exec(key);
  if (events === null) return undefined;
  const [, stream = '', owner = '', subscriber = ''] = events;
  return { name: `events/${owner}/${subscriber}`, stream, letters: key, subscriber };
}

/** All that hold a dead letter, sorted by name. */
export async function findDeadLetterBoxes(
  redis: RedisConnection,
  namespace: string,
): Promise<DeadLetterBoxName[]> {
  const nodes = redis instanceof Cluster ? redis.nodes('master') : [redis];
  const found = new Map<string, DeadLetterBoxName>();
  for (const node of nodes) {
    let cursor = '0';
    do {
      const [next, keys] = await node.scan(cursor, 'MATCH', `${namespace}:{*}:*:dead*`, 'COUNT', 1_000);
      for (const key of keys) {
        const box = deadLetterBoxOf(key);
        if (box !== undefined) found.set(key, box);
      }
      cursor = next;
    } while (cursor !== '0');
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** The dead letters of one stream and group: look at them, put them back, remove them. */
export class DeadLetterBox {
  constructor(
    private readonly redis: RedisConnection,
    readonly box: DeadLetterBoxName,
  ) {}

  async count(): Promise<number> {
    return this.redis.xlen(this.box.letters);
  }

  /** The oldest first. @param after the id of the last one seen */
  async list(most: number, after?: string): Promise<DeadLetter[]> {
    const from = after === undefined ? '-' : `(${after}`;
    const entries = await this.redis.xrange(this.box.letters, from, '+', 'COUNT', most);
    return entries.map(([id, fields]) => toDeadLetter({ id, fields }));
  }

  async get(id: string): Promise<DeadLetter | undefined> {
    const [entry] = await this.redis.xrange(this.box.letters, id, id);
    return entry && toDeadLetter({ id: entry[0], fields: entry[1] });
  }

  /** All that are there now, a page at a time. */
  async *all(): AsyncGenerator<DeadLetter> {
    const [newest] = await this.redis.xrevrange(this.box.letters, '+', '-', 'COUNT', 1);
    let after: string | undefined;
    for (;;) {
      const page = await this.list(PAGE, after);
      for (const letter of page) {
        yield letter;
        if (letter.id === newest?.[0]) return;
      }
      after = page.at(-1)?.id;
      if (page.length < PAGE) return;
    }
  }

  /**
   * Puts the message back, for the group that gave it up, as its first delivery.
   *
   * @param token in whose name it is handled: guards refuse a message without one
   * @returns false when somebody put it back or removed it meanwhile
   * @throws TypeError when it is no message
   */
  async replay(letter: DeadLetter, token?: string): Promise<boolean> {
    const { id, pattern, headers, data } = letter;
    if (pattern === undefined || data === undefined) {
      throw new TypeError(`${id} is no message, it can only be dropped`);
    }
    const fields = toFields(pattern, replayHeaders(headers, this.box.subscriber, token), data);
    const { stream, letters } = this.box;
    return (await replayMessage.run(this.redis, [stream, letters], [id, ...fields])) !== null;
  }

  /** @returns whether it was there */
  async drop(id: string): Promise<boolean> {
    return (await this.redis.xdel(this.box.letters, id)) > 0;
  }
}
