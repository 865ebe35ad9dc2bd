/** Names of keys in Redis. They share a hash tag, so that one script reaches a provider and the streams in a cluster too. */
export class ProviderHealthKeys {
  constructor(private readonly namespace: string) {}

  /** A hash: what is known of the provider. */
  health(name: string): string {
    return this.key(`health:${name}`);
  }

  /** Marks an outcome as counted, for ten minutes. */
  outcome(name: string, outcomeId: string): string {
    return this.key(`outcome:${name}:${outcomeId}`);
  }

  /** The highest sequence that has been counted of a reporter, until a day after its last batch. */
  reporter(reporter: string): string {
    return this.key(`reporter:${reporter}`);
  }

  /** A hash: which checks of the provider were given out, and when the last result was counted. */
  check(name: string): string {
    return `${this.namespace}:{providers}:check:${name}`;
  }

  /** There while some replica has opened this API key of late. */
  readable(keyId: string): string {
    return this.key(`readable-key:${keyId}`);
  }

  /** A stream: transitions that have not been written down yet. */
  get transitions(): string {
    return this.key('transitions');
  }

  /** A stream: what was reported and has not been counted for the statistics yet. */
  get outcomes(): string {
    return this.key('outcomes');
  }

  /** A number: how many entries of `outcomes` were counted. */
  get outcomesCounted(): string {
    return this.key('outcomes:counted');
  }

  /** A set: the names of all providers that Redis knows. */
  get names(): string {
    return this.key('names');
  }

  /** A sorted set: names of providers by when their override ends, ms since 1970. */
  get overrideEnds(): string {
    return this.key('override-ends');
  }

  /** The incarnation of Redis for which everything was compared with PostgreSQL. */
  get compared(): string {
    return this.key('compared');
  }

  /** Is there for a while after Redis was reconciled with PostgreSQL. */
  get reconciled(): string {
    return this.key('reconciled');
  }

  private key(name: string): string {
    return `${this.namespace}:{providers}:${name}`;
  }
}
