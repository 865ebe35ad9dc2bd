/** What is wrong with the log. */
export interface LogFinding {
  /** The first event that it concerns, where there is one. */
  readonly seq?: number;
  /** For people, without anything personal. */
  readonly detail: string;
}

/** Who looks: `signer` before it signs, `sweep` at what is kept. */
export type FindingSource = 'signer' | 'sweep';

export interface SourcedFinding extends LogFinding {
  readonly source: FindingSource;
  /** ISO 8601, UTC. */
  readonly foundAt: string;
}
