import type { OnceKeeper } from './once.keeper.js';
import { DeadlineExceededError, IdempotencyConflictError } from '../transport.errors.js';

export interface OnceMessageOptions {
  messageId: string;
  entryId: string;
  /** Whether nobody waits for the answer any more. */
  hasExpired: () => Promise<boolean>;
  /** Tells what is asked; see `requestFingerprint`. */
  fingerprint: () => string;
  /** Resolves when another entry has ended; false when the consumer stops first. */
  afterEnd: (entryId: string) => Promise<boolean>;
}

/** One delivery of a message whose handler is `@Idempotent()`. */
export class OnceMessage {
  /** It could not be told whether it is to be done: the delivery does not count, and comes again. */
  interrupted = false;
  private answer: readonly unknown[] | undefined;

  constructor(
    private readonly keeper: OnceKeeper,
    private readonly options: OnceMessageOptions,
  ) {}

  /**
   * Waits while another copy of the message is at work.
   *
   * @returns what was answered already; undefined when the handler is to do it now
   * @throws IdempotencyConflictError when the message id asked for something else before
   * @throws DeadlineExceededError when nobody waits for the answer any more
   */
  async begin(): Promise<readonly unknown[] | undefined> {
    const { messageId, entryId, fingerprint, afterEnd, hasExpired } = this.options;
    try {
      for (;;) {
        const step = await this.keeper.begin(messageId, entryId, fingerprint());
        if (step.kind === 'begin') return undefined;
        if (step.kind === 'kept') return JSON.parse(step.text) as unknown[];
        if (step.kind === 'conflict') throw new IdempotencyConflictError();
        if (!(await afterEnd(step.entryId))) throw new Error('The consumer stops');
        if (await hasExpired()) throw new DeadlineExceededError();
      }
    } catch (error) {
      this.interrupted = !(
        error instanceof IdempotencyConflictError || error instanceof DeadlineExceededError
      );
      throw error;
    }
  }

  /** The handler has ended well, with these values. */
  keep(values: readonly unknown[]): void {
    this.answer = values;
  }

  /** What is to be kept when the entry is acknowledged: the hash and the JSON. */
  get kept(): { record: string; text: string } | undefined {
    if (this.answer === undefined) return undefined;
    return { record: this.keeper.recordOf(this.options.messageId), text: JSON.stringify(this.answer) };
  }
}
