/** Names of keys in Redis. They share a hash tag, so that one script reaches a provider and the stream in a cluster too. */
export class ProviderHealthKeys {
  constructor(private readonly namespace: string) {}

  /** A hash: what is known of the provider. */
  health(name: string): string {
    return `${this.namespace}:{providers}:health:${name}`;
  }

  /** Marks an outcome as counted, for ten minutes. */
  outcome(name: string, outcomeId: string): string {
    return `${this.namespace}:{providers}:outcome:${name}:${outcomeId}`;
  }

  /** A stream: transitions that have not been written down yet. */
  get transitions(): string {
    return `${this.namespace}:{providers}:transitions`;
  }

  /** A stream: what was reported and has not been counted for the statistics yet. */
  get outcomes(): string {
    return `${this.namespace}:{providers}:outcomes`;
  }

  /** A number: how many entries of `outcomes` were counted. */
  get outcomesCounted(): string {
    return `${this.namespace}:{providers}:outcomes:counted`;
  }
}
