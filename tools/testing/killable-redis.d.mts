/** A Redis of a test's own: append-only file, `everysec`. */
export interface KillableRedis {
  readonly url: string;
  /** The shape of `RedisSettings` in `@gatehouse/redis`. */
  readonly settings: { host: string; port: number; db: number; password: string; tls: boolean };
  /** Starts it on the data that are there, and resolves when it answers. */
  start(): Promise<void>;
  /** Ends it, by default with -9. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** How many bytes its file has once everything is in it that was acknowledged until now, for `loseSince`. */
  mark(): Promise<number>;
  /** Ends it as a machine does that loses its power: what it wrote since the mark never got to the disk. */
  loseSince(mark: number): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Starts one. What runs on when the tests are killed is ended by the next run of them. */
export function startKillableRedis(): Promise<KillableRedis>;
