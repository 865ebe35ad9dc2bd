/** A PostgreSQL of a test's own, that keeps what it has acknowledged. */
export interface KillablePostgres {
  /** Of a database that is made when somebody connects. */
  readonly url: string;
  /** Starts it on the data that are there, and resolves when it answers. */
  start(): Promise<void>;
  /** Ends it: SIGINT tells whoever is connected, SIGQUIT leaves everything as it is, to be recovered at the next start. */
  stop(signal?: 'SIGINT' | 'SIGQUIT'): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Starts one. What runs on when the tests are killed is ended by the next run of them. */
export function startKillablePostgres(): Promise<KillablePostgres>;
