/** What the handler of a message is to do besides its work (`processes/service.process.mjs`). */
export interface Task {
  /** Comes back in the answer. */
  readonly n: number;
  /** How long it works. */
  readonly workMs?: number;
  /** It waits until the test opens this gate. */
  readonly gate?: string;
  /** It throws. */
  readonly fails?: true;
  /** It takes its process with it. */
  readonly kills?: true;
}

export interface OutgoingMessage {
  readonly id: string;
  readonly task: Task;
  /** Of a request. */
  readonly timeoutMs: number;
  /** Default `audit.note` for a request, `providers.noted` for an event. */
  readonly pattern?: string;
  /** Of an event. */
  readonly key?: string;
}

/** How a request ended for the one who asked. */
export interface End {
  readonly id: string;
  /** `answered`, by the right answer, or the type of a problem. */
  readonly end: string;
  /** How long after its deadline; less than 0 before it. */
  readonly lateMs: number;
}

/** So many messages, their ids told apart by the label. */
export function messages(
  label: string,
  count: number,
  { timeoutMs = 20_000, pattern, ...task }: Partial<Task & OutgoingMessage> = {},
): OutgoingMessage[] {
  return Array.from({ length: count }, (_, n) => ({
    id: `${label}-${n}`,
    task: { ...task, n },
    timeoutMs,
    pattern,
  }));
}

export function idsOf(sent: readonly { id: string }[]): string[] {
  return sent.map(({ id }) => id).sort();
}
