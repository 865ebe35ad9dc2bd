/** Something that one replica does for the log, again and again. */
export interface KeeperTask {
  /** For people, e.g. `signing checkpoints`. */
  readonly name: string;
  /** Between two runs. */
  readonly everyMs: number;
  /** @throws when it could not be done: it is said once, and tried again */
  run(): Promise<void>;
}
