import { inspect } from 'node:util';

/** The key is for another origin than that of the URL. A mistake of the caller's, or somebody's attempt to get it out. */
export class KeyOriginError extends TypeError {
  constructor(keyOrigin: string, url: string | URL) {
    super(
      `The API key is for ${keyOrigin} and not for ${URL.parse(String(url))?.origin ?? 'what is no URL'}`,
    );
    this.name = 'KeyOriginError';
  }
}

/** An API key of a provider. Neither JSON nor a log line of it shows the key. */
export class ProviderKey {
  readonly #apiKey: string;

  constructor(
    /** Another for each key. */
    readonly keyId: string,
    /** The only origin that it may be sent to: scheme, host and port. */
    readonly origin: string,
    apiKey: string,
  ) {
    this.#apiKey = apiKey;
  }

  /**
   * The key, for a request to this URL.
   *
   * @throws KeyOriginError when it belongs to another origin
   */
  revealFor(url: string | URL): string {
    if (URL.parse(String(url))?.origin !== this.origin) throw new KeyOriginError(this.origin, url);
    return this.#apiKey;
  }

  toJSON(): { keyId: string; origin: string } {
    return { keyId: this.keyId, origin: this.origin };
  }

  [inspect.custom](): string {
    return `ProviderKey(${this.keyId} for ${this.origin})`;
  }
}
