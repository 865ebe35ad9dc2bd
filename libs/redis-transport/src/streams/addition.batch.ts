import { loadScript, type RedisConnection } from '@gatehouse/redis';
import { ServerTime, toMilliseconds } from '../server-time.js';

const addMessages = loadScript(new URL('../../lua/streams/add-messages.lua', import.meta.url));

const MOST_AT_ONCE = 128;
/** One script holds Redis up for as long as it takes to copy so much. */
const MOST_CHARACTERS = 262_144;

/** What the script needs of a message: its key or `''`, pattern, headers and data. */
export type AddedMessage = readonly [key: string, pattern: string, headers: string, data: string];

interface Addition {
  readonly message: AddedMessage;
  readonly resolve: (added: boolean) => void;
  readonly reject: (error: unknown) => void;
}

/** Adds messages to one stream, all of one turn of the event loop together and in their order. */
export class AdditionBatch {
  /** The clock of Redis, told with each addition. */
  readonly time = new ServerTime();
  private waiting: Addition[] = [];

  /**
   * @param keys the stream, and the hash of the last message of each key
   * @param most entries that the stream may hold
   */
  constructor(
    private readonly redis: RedisConnection,
    private readonly keys: readonly string[],
    private readonly most: number,
  ) {}

  /** Resolves to false when the stream is full: it was not added. When it rejects it may have been. */
  add(message: AddedMessage): Promise<boolean> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ message, resolve, reject }) === 1) process.nextTick(() => this.flush());
    });
  }

  private flush(): void {
    const { waiting } = this;
    this.waiting = [];
    let from = 0;
    while (from < waiting.length) {
      const to = endOfBatch(waiting, from);
      void this.send(waiting.slice(from, to));
      from = to;
    }
  }

  private async send(batch: readonly Addition[]): Promise<void> {
    try {
      const args: (string | number)[] = [this.most];
      for (const { message } of batch) args.push(...message);
      const [added, time] = (await addMessages.run(this.redis, this.keys, args)) as [
        number,
        [string, string],
      ];
      // Never late: nobody is told of more time than there is.
      this.time.tell(toMilliseconds(time));
      batch.forEach(({ resolve }, index) => resolve(index < added));
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

function endOfBatch(waiting: readonly Addition[], from: number): number {
  let characters = 0;
  let to = from;
  for (; to < waiting.length && to - from < MOST_AT_ONCE; to++) {
    const [, , headers = '', data = ''] = waiting[to]?.message ?? [];
    characters += headers.length + data.length;
    if (characters > MOST_CHARACTERS && to > from) break;
  }
  return to;
}
