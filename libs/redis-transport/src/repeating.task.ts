/** Runs again and again, each run beginning some time after the last one ended, until it is stopped. */
export class RepeatingTask {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();
  private stopped = true;

  /**
   * @param everyMs from the end of a run to the next, give or take a quarter, so that replicas do not keep step
   * @param onError is told of a failed run; the next comes all the same
   */
  constructor(
    private readonly everyMs: number,
    private readonly run: () => Promise<void>,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.stopped = false;
    this.schedule();
  }

  /** Resolves when the run that is under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(): void {
    if (this.stopped) return;
    const delayMs = this.everyMs * (0.75 + Math.random() / 2);
    this.timer = setTimeout(() => {
      this.running = this.run()
        .catch(this.onError)
        .finally(() => this.schedule());
    }, delayMs).unref();
  }
}
