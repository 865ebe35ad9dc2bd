/**
 * Names of keys and channels. The braces are the hash tag: all keys that one script touches are of one service or
 * owner, and so in one slot of a Redis Cluster. Channels hold the number of the database, which Redis ignores in
 * publish/subscribe.
 */
export class TransportKeys {
  constructor(
    private readonly namespace: string,
    private readonly db: number,
  ) {}

  requests(service: string): string {
    return `${this.namespace}:{${service}}:requests`;
  }

  deadRequests(service: string): string {
    return `${this.requests(service)}:dead`;
  }

  events(owner: string): string {
    return `${this.namespace}:{${owner}}:events`;
  }

  deadEvents(owner: string, subscriber: string): string {
    return `${this.events(owner)}:dead:${subscriber}`;
  }

  /** A hash: for each key the id of its last event. */
  eventKeys(owner: string): string {
    return `${this.events(owner)}:keys`;
  }

  replies(client: string): string {
    return `${this.namespace}:db${this.db}:replies:${client}`;
  }

  /** A hash: `generation`, `sequence` of the last broadcast of the pattern. */
  broadcastPosition(pattern: string): string {
    return `${this.namespace}:{${ownerOf(pattern)}}:broadcasts:${pattern}`;
  }

  /** A capped stream of the last broadcasts of the pattern; the id of an entry is its sequence. */
  broadcastTail(pattern: string): string {
    return `${this.broadcastPosition(pattern)}:tail`;
  }

  broadcastChannel(pattern: string): string {
    return `${this.namespace}:db${this.db}:broadcasts:${pattern}`;
  }
}

/** A hash: what was answered to a message that is done once. */
export function onceKey(stream: string, group: string, messageId: string): string {
  return `${stream}:once:${group}:${messageId}`;
}

/** A hash: what became of the deliveries of an entry that did not end well. */
export function attemptsKey(stream: string, group: string, entryId: string): string {
  return `${stream}:attempts:${group}:${entryId}`;
}

/** Who owns an event or broadcast: the first segment, `providers` of `providers.status-changed`. */
export function ownerOf(pattern: string): string {
  return pattern.split('.', 1)[0] ?? pattern;
}
