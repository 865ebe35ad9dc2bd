import { inspect } from 'node:util';

/** An API key in the clear. Neither JSON nor a log line of it shows the key. */
export class OpenedKey {
  readonly #apiKey: string;

  constructor(
    readonly keyId: string,
    /** The only origin that it may be sent to. */
    readonly origin: string,
    apiKey: string,
  ) {
    this.#apiKey = apiKey;
  }

  /** The key itself. */
  reveal(): string {
    return this.#apiKey;
  }

  toJSON(): { keyId: string; origin: string } {
    return { keyId: this.keyId, origin: this.origin };
  }

  [inspect.custom](): string {
    return `OpenedKey(${this.keyId} for ${this.origin})`;
  }
}
