/**
 * Runs some work for many askers: never twice at the same time, and each asker gets the result of a run that began after
 * it had asked. What it reads is never older than the question.
 */
export class NextRun<Result> {
  private running?: Promise<Result>;
  private next?: Promise<Result>;

  constructor(private readonly work: () => Promise<Result>) {}

  run(): Promise<Result> {
    if (this.running === undefined) return this.begin();
    this.next ??= this.running.then(
      () => this.begin(),
      () => this.begin(),
    );
    return this.next;
  }

  private begin(): Promise<Result> {
    this.next = undefined;
    const run = this.work().finally(() => {
      if (this.running === run) this.running = undefined;
    });
    this.running = run;
    return run;
  }
}
